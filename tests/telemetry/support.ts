/** What the tests of metrics read: the text that is exposed, the alerts, the dashboard. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectRoot } from '../../scripts/lib/paths.mjs';

export interface Exposed {
  readonly type: string;
  readonly help: string;
  /** By their labels, as written: `{state="ready"}`; empty without one. */
  readonly samples: ReadonlyMap<string, number>;
}

const HEAD = /^# (HELP|TYPE) ([a-z_:][\w:]*) (.*)$/i;
const SAMPLE = /^([a-zA-Z_:][\w:]*)(\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)+\})? (\S+)$/;
const OF_HISTOGRAM = /_(bucket|sum|count)$/;

/** Reads Prometheus' text format (0.0.4), strictly. @throws Error naming the line that is none of it */
export function parseMetrics(text: string): Map<string, Exposed> {
  const found = new Map<string, { type: string; help: string; samples: Map<string, number> }>();
  const of = (name: string) => {
    const known = found.get(name) ?? { type: '', help: '', samples: new Map<string, number>() };
    found.set(name, known);
    return known;
  };
  if (!text.endsWith('\n')) throw new Error('the text does not end with a line break');
  for (const line of text.split('\n').filter(Boolean)) {
    const head = HEAD.exec(line);
    if (head) {
      const [, kind, name = '', rest = ''] = head;
      if (kind === 'TYPE') of(name).type = rest;
      else of(name).help = rest;
      continue;
    }
    const sample = SAMPLE.exec(line);
    if (!sample) throw new Error(`no line of the format: ${line}`);
    const [, name = '', labels = '', value = ''] = sample;
    const base = name.replace(OF_HISTOGRAM, '');
    const isPart = found.get(base)?.type === 'histogram' && OF_HISTOGRAM.test(name);
    const { samples } = of(isPart ? base : name);
    const key = isPart ? `${name.slice(base.length)}${labels}` : labels;
    if (samples.has(key)) throw new Error(`twice: ${line}`);
    samples.set(key, value === '+Inf' ? Infinity : Number(value));
  }
  return found;
}

const read = (path: string) => readFileSync(join(projectRoot(), path), 'utf8');

export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly action: string };
}

export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly Alert[];
}

export function ruleGroups(): readonly RuleGroup[] {
  const file = parse(read('deploy/prometheus/alerts.yml')) as { groups: RuleGroup[] };
  return file.groups;
}

export function scrapeConfig(): {
  readonly rule_files: readonly string[];
  readonly scrape_configs: readonly { readonly job_name: string }[];
} {
  return parse(read('deploy/prometheus/prometheus.yml')) as ReturnType<typeof scrapeConfig>;
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: {
    readonly h: number;
    readonly w: number;
    readonly x: number;
    readonly y: number;
  };
  readonly targets?: readonly { readonly expr: string; readonly refId: string }[];
}

export function dashboard(): { readonly uid: string; readonly panels: readonly Panel[] } {
  return JSON.parse(read('deploy/grafana/ballast.json')) as ReturnType<typeof dashboard>;
}

/** Each expression of the alerts and of the dashboard, under its name. */
export function expressions(): readonly (readonly [string, string])[] {
  const alerts = ruleGroups().flatMap(({ rules }) =>
    rules.map(({ alert, expr }) => [alert, expr] as const),
  );
  const panels = dashboard().panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, refId }) => [`${title} ${refId}`, expr] as const),
  );
  return [...alerts, ...panels];
}

const NAME = /\b(?:ballast|temporal|nodejs|process)_\w+\b/g;

/** The metrics that an expression asks for, without what histograms add. */
export function metricsIn(expr: string): string[] {
  return [...expr.matchAll(NAME)].map(([name]) => name.replace(/_bucket$/, ''));
}

/** The labels that an expression picks by, with their metrics: `ballast_orders` by `status`. */
export function labelsIn(expr: string): { readonly metric: string; readonly label: string }[] {
  return [...expr.matchAll(/(\w+)\{([^}]*)\}/g)].flatMap(([, metric = '', inside = '']) =>
    [...inside.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => ({ metric, label })),
  );
}
