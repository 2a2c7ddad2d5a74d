/** Values as Prometheus reads them (text format 0.0.4). */
import type { Distribution, Found, MetricAbout, Sample } from './metric.js';

/** What says so in an answer's head. */
export const TEXT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * The text of metrics, each with its help and its type. One that nothing was found of has these alone: it is known and
 * has no value now.
 */
export function metricsText<Name extends string>(
  abouts: Readonly<Record<Name, MetricAbout>>,
  found: Readonly<Partial<Record<Name, Found>>>,
): string {
  const blocks = (Object.entries(abouts) as [Name, MetricAbout][]).map(([name, about]) => {
    const head = [`# HELP ${name} ${escapedHelp(about.help)}`, `# TYPE ${name} ${about.kind}`];
    return [...head, ...linesOf(name, about, found[name])].join('\n');
  });
  return `${blocks.join('\n')}\n`;
}

function linesOf(name: string, about: MetricAbout, found: Found | undefined): string[] {
  if (found === undefined) return [];
  if (isDistribution(found)) return histogramLines(name, about.buckets ?? [], found);
  return found.map((sample) => line(name, sample));
}

function isDistribution(found: Found): found is Distribution {
  return 'counts' in found;
}

function histogramLines(
  name: string,
  buckets: readonly number[],
  { counts, count, sum }: Distribution,
): string[] {
  const bucket = (le: string, value: number) => line(`${name}_bucket`, { labels: { le }, value });
  return [
    ...buckets.map((bound, index) => bucket(String(bound), counts[index] ?? 0)),
    bucket('+Inf', count),
    line(`${name}_sum`, { value: sum }),
    line(`${name}_count`, { value: count }),
  ];
}

function line(name: string, { labels = {}, value }: Sample): string {
  const sorted = Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1));
  const pairs = sorted.map(([label, text]) => `${label}="${escapedLabel(text)}"`);
  const braces = pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
  return `${name}${braces} ${value}`;
}

function escapedHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapedLabel(text: string): string {
  return escapedHelp(text).replaceAll('"', '\\"');
}
