/** What stands now, in one look: what a dashboard shows on every page (UI-1). */
import type { AttentionView } from './attention.js';
import type { DayView } from './cash.js';
import type { ConnectionView } from './health.js';
import type { ExposureView, StandingView } from './limits.js';
import type { OpenTradeView, PositionView } from './positions.js';
import type { ModeView } from './switches.js';

export interface NowView {
  /** When it began to be read, by the clock of whoever read it. */
  readonly at: string;
  readonly accounts: readonly StandingView[];
  readonly days: readonly DayView[];
  readonly connections: readonly ConnectionView[];
  readonly positions: readonly PositionView[];
  /** Trades that hold shares, or of which an order is or may be at the broker. */
  readonly open: readonly OpenTradeView[];
  readonly exposures: readonly ExposureView[];
  /** What each halt file says; none: no file halts. */
  readonly halted_by: readonly string[];
  readonly modes: readonly ModeView[];
  readonly pauses: readonly AttentionView[];
  readonly attention: readonly AttentionView[];
  /** How many signals wait for a person. */
  readonly approvals: number;
}
