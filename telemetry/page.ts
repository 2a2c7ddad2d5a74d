/** The part of docs/metrics.md that follows from the catalogue; a test keeps the two equal. */
import type { MetricAbout } from './metric.js';
import { PROCESS_METRICS } from './process-metrics.js';
import { SYSTEM_METRICS } from './system-metrics.js';

const PLACES = {
  system: SYSTEM_METRICS,
  process: PROCESS_METRICS,
} as const satisfies Record<string, Readonly<Record<string, MetricAbout>>>;

/** The page with its tables as the code has them. @throws Error when the page lacks a place */
export function updateMetricsPage(page: string): string {
  return Object.entries(PLACES).reduce(
    (text, [place, metrics]) => filled(text, place, tableOf(metrics)),
    page,
  );
}

function filled(page: string, place: string, table: string): string {
  const [start, end] = [`<!-- ${place} metrics -->`, `<!-- /${place} metrics -->`];
  const [before, after] = [page.indexOf(start), page.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`the page lacks ${start} … ${end}`);
  return `${page.slice(0, before)}${start}\n\n${table}\n\n${page.slice(after)}`;
}

function tableOf(metrics: Readonly<Record<string, MetricAbout>>): string {
  const rows = Object.entries(metrics).map(([name, { kind, from, help, labels = {} }]) => {
    const told = Object.entries(labels).map(([label, values]) => `\`${label}\`: ${values}`);
    return `| \`${name}\` | ${kind} | ${from} | ${help} | ${told.join('; ') || '—'} |`;
  });
  const head = [
    '| metric | kind | of | what it says | labels |',
    '| --- | --- | --- | --- | --- |',
  ];
  return [...head, ...rows].join('\n');
}
