/** What a template of webhooks is: how the alert of a charting service becomes the body of a signal. */
import type { SignalIssue } from '../signal.js';

/** An alert's JSON object, as it came. */
export type AlertBody = Readonly<Record<string, unknown>>;

/** What a template makes of an alert. */
export interface Mapped {
  /** The body of a signal, not parsed yet. */
  readonly signal: Readonly<Record<string, unknown>>;
  /** Of a field of the signal, which of the alert's it comes from: what is wrong with it is told by that name. */
  readonly sources: Readonly<Record<string, string>>;
  /** What is wrong with the alert itself, by its own fields. */
  readonly issues: readonly SignalIssue[];
}

export interface Template {
  /** One line: for what it is. */
  readonly summary: string;
  /**
   * Maps an alert. It knows no clock and no chance: a repeated delivery gives the same signal.
   * @param alert with its `strategy_id`, which a hook of one strategy adds
   */
  map(alert: AlertBody): Mapped;
}

/** What a charting service leaves in a message where it has nothing to fill in. */
const PLACEHOLDER = /\{\{[^{}]*\}\}/;

/** Fields with a placeholder that nobody filled in. */
export function unfilled(alert: AlertBody): SignalIssue[] {
  return Object.entries(alert).flatMap(([path, value]) => {
    const found = typeof value === 'string' ? PLACEHOLDER.exec(value) : null;
    if (found === null) return [];
    const message = `the placeholder ${found[0]} was not filled in: an alert of this kind has no such value`;
    return [{ path, message }];
  });
}
