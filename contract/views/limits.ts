/** What is taken of the limits, and whether accounts may be traded on, as it is read. */
import type { AccountView } from './health.js';

/** What is taken of a limit: of an account, or of one of its positions, strategies or sectors. */
export interface ExposureView {
  /** The setting: `MAX_POSITION_PCT`. */
  readonly limit: string;
  readonly account_id: string;
  /** `AAPL (momentum)`, a strategy, a sector; null: the account. */
  readonly of: string | null;
  /** Money in the account's base currency, or a count. */
  readonly used: string;
  /** As the settings of account and strategy have it; null: no limit, or the account's values are not known. */
  readonly allowed: string | null;
  /** Used over allowed; null without a limit. */
  readonly share: string | null;
  /** Null: it is a count. */
  readonly currency: string | null;
}

/** An account, and whether anything may be opened on it now. */
export interface StandingView extends AccountView {
  readonly is_tradeable: boolean;
  /** The reason codes that any entry would be denied with now. */
  readonly denied_by: readonly string[];
}
