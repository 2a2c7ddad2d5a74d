/** From an alert to a signal, by the terms of the hook that it came through (SIG-6). */
import { InvalidSignalError, parseSignal, type Signal, type SignalIssue } from '../signal.js';
import { unstorable } from '../storable.js';
import { plain } from './plain.js';
import type { AlertBody, Template } from './template.js';
import { tradingview } from './tradingview.js';

export const TEMPLATES = { tradingview, plain } as const satisfies Record<string, Template>;
export type TemplateName = keyof typeof TEMPLATES;
export const TEMPLATE_NAMES = Object.keys(TEMPLATES) as TemplateName[];

/** Of one hook: more are more than one source. */
export const STRATEGIES_MAX = 50;

/** What a hook takes, and how it reads it. */
export interface HookTerms {
  readonly template: TemplateName;
  /** The strategies that it may send signals of; one alone need not be named by the alert. */
  readonly strategies: readonly string[];
}

/** An alert that is no signal; `issues` name its own fields. Nothing was stored for it. */
export class InvalidAlertError extends Error {
  override readonly name = 'InvalidAlertError';
  constructor(readonly issues: readonly SignalIssue[]) {
    super(`the alert is no signal: ${issues.map((i) => `${i.path}: ${i.message}`).join('; ')}`);
  }
}

/** The alert is of a strategy that its hook may not send signals of. Nothing was stored for it. */
export class StrategyNotAllowedError extends Error {
  override readonly name = 'StrategyNotAllowedError';
  constructor(strategy: string, { strategies }: HookTerms) {
    super(
      `the hook sends no signals of the strategy ${strategy}: it was made for ${strategies.join(', ')}`,
    );
  }
}

/** What an alert would become. */
export interface ReadAlert {
  /** As every surface takes it: the body before it was parsed. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly signal: Signal;
}

/**
 * Reads an alert. It asks nobody: the same alert is the same signal at any time.
 * @param alert the JSON of the request's body
 * @throws InvalidAlertError with every wrong field, StrategyNotAllowedError
 */
export function readAlert(terms: HookTerms, alert: unknown): ReadAlert {
  const given = withStrategy(terms, objectOf(alert));
  const { signal: body, sources, issues } = TEMPLATES[terms.template].map(given);
  const { signal, issues: ofSignal } = parsed(body);
  const known = new Set(issues.map(({ path }) => path));
  const told = ofSignal
    .map(({ path, message }) => ({ path: ofAlert(path, sources), message }))
    .filter(({ path }) => !known.has(path));
  if (issues.length + told.length > 0) throw new InvalidAlertError([...issues, ...told]);
  const { strategy_id: strategy } = signal!;
  if (!terms.strategies.includes(strategy)) throw new StrategyNotAllowedError(strategy, terms);
  return { body, signal: signal! };
}

function objectOf(alert: unknown): AlertBody {
  if (typeof alert !== 'object' || alert === null || Array.isArray(alert)) {
    const message = 'expected a JSON object: {"ticker": …}';
    throw new InvalidAlertError([{ path: '(alert)', message }]);
  }
  // What the database can't keep, or nobody can walk through, is told by its own place.
  const { found, isWhole } = unstorable(alert);
  if (found.length > 0 || !isWhole) {
    throw new InvalidAlertError(
      found.map(({ path, message }) => ({ path: path || '(alert)', message })),
    );
  }
  return alert as AlertBody;
}

function withStrategy({ strategies }: HookTerms, alert: AlertBody): AlertBody {
  const [only] = strategies;
  const isMissing = alert['strategy_id'] === undefined && strategies.length === 1;
  return isMissing ? { ...alert, strategy_id: only } : alert;
}

function parsed(body: unknown): {
  readonly signal: Signal | null;
  readonly issues: readonly SignalIssue[];
} {
  try {
    return { signal: parseSignal(body), issues: [] };
  } catch (error) {
    if (error instanceof InvalidSignalError) return { signal: null, issues: error.issues };
    throw error;
  }
}

function ofAlert(path: string, sources: Readonly<Record<string, string>>): string {
  const [field = '', ...rest] = path.split('.');
  return [sources[field] ?? field, ...rest].join('.');
}
