/** A typed client of Ballast's HTTP API, for programs that generate signals: docs/sdk.md. */
export {
  Ballast,
  type BallastOptions,
  type CallOptions,
  type CommandOptions,
  type CommandTaken,
  type Judged,
  type Position,
  type Signal,
  type SignalAnswer,
  type Trade,
  type TradeFilter,
  type TradeWhole,
  type WaitOptions,
} from './client.js';
export {
  BallastProblem,
  GaveUpError,
  NotJudgedError,
  OutcomeUnknownError,
  type ProblemBody,
} from './errors.js';
export { type Followed, type FollowOptions, type TradeEvent } from './events.js';
export { type components, type operations, type paths } from './generated/api.js';
export { type Fetch, type RetryOptions } from './retry.js';
export { type Verdict } from './verdict.js';
