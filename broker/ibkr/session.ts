/** One stretch of one connection in which orders may be written. */
import type { Library } from './library.js';

export interface Session {
  readonly library: Library;
  readonly generation: number;
  readonly nextValidId: number;
  readonly accounts: readonly string[];
  /**
   * @throws NotSentError `not_ready` when the connection is another one now, or is in another
   * generation, or is not ready.
   */
  requireCurrent(): void;
}
