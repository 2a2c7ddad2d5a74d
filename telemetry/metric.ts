/** What is said of a metric, once: for what is exposed, for the page about it, and for the tests of alerts and panels. */

/** Where it is exposed: by the API for the whole installation, or by one process for itself. */
export type Source = 'system' | 'api' | 'broker worker';

export interface MetricAbout {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly from: Source;
  /** One sentence, as Prometheus shows it. */
  readonly help: string;
  /** Each label with the values that it takes; none of them is an id, an account or a symbol. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Upper bounds in the metric's unit, ascending; of histograms alone. */
  readonly buckets?: readonly number[];
}

/** One value of a metric. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A histogram's one series: how many values were at most each bound, how many in all, and their sum. */
export interface Distribution {
  /** Cumulative, by the bounds of the metric's buckets. */
  readonly counts: readonly number[];
  readonly count: number;
  readonly sum: number;
}

export type Found = readonly Sample[] | Distribution;
