/** What one process counts of itself, by the names and words of the catalogue; and what Node says of it. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Source } from './metric.js';
import { PROCESS_METRICS, type ProcessMetric } from './process-metrics.js';

type OfKind<Kind> = {
  [Name in ProcessMetric]: (typeof PROCESS_METRICS)[Name]['kind'] extends Kind ? Name : never;
}[ProcessMetric];

export type Labels = Readonly<Record<string, string>>;

export interface ProcessRegistry {
  /** A counter of the catalogue. */
  counter(name: OfKind<'counter'>): Counter;
  /** A gauge of the catalogue that is asked for its value when somebody scrapes. */
  gauge(name: OfKind<'gauge'>, values: () => readonly (readonly [Labels, number])[]): Gauge;
  /** A histogram of the catalogue. */
  histogram(name: OfKind<'histogram'>): Histogram;
  /** Everything, in Prometheus' text format. */
  text(): Promise<string>;
}

/**
 * Makes the registry of a process. A part that is given no metric of the catalogue has those of Node alone.
 * @param source whose metrics of the catalogue may be made here
 */
export function createRegistry(source: Source | null): ProcessRegistry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const described = (name: ProcessMetric) => {
    const about: { from: Source; help: string; labels?: object } = PROCESS_METRICS[name];
    if (about.from !== source) throw new Error(`${name} is a metric of the ${about.from}`);
    const labelNames = Object.keys(about.labels ?? {});
    return { name, help: about.help, labelNames, registers: [registry] };
  };
  return {
    counter: (name) => new Counter(described(name)),
    gauge: (name, values) =>
      new Gauge({
        ...described(name),
        collect() {
          this.reset();
          for (const [labels, value] of values()) this.set(labels, value);
        },
      }),
    histogram: (name) =>
      new Histogram({ ...described(name), buckets: [...(PROCESS_METRICS[name].buckets ?? [])] }),
    text: () => registry.metrics(),
  };
}
