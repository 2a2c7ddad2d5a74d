/**
 * One picture of the broker (BRK-12): what every consumer reads it through — sync, look-up, guard and
 * reconciliation. It is complete and of one generation of the connection, or it proves nothing.
 */
import type { DecimalText } from '../money.js';
import type { EpochMs } from '../vocabulary.js';
import type { ExecutionReport, OrderReport } from './fact.js';

export interface BrokerPosition {
  readonly account: string;
  readonly symbol: string;
  /** As the broker names it: an option carries the symbol of its underlying. */
  readonly securityType: string;
  readonly brokerContractId: number;
  /** Signed: negative is short. */
  readonly quantity: DecimalText;
  readonly averageCost: DecimalText;
}

export interface Snapshot {
  /** The connection's generation during all of the reading; grows with each handshake and 1100/1101/1102. */
  readonly generation: number;
  /** When this generation began. */
  readonly generationSinceMs: EpochMs;
  /** The reading began after every write of this session that ended before it. */
  readonly startedAtMs: EpochMs;
  readonly endedAtMs: EpochMs;
  /** Every list came with its end, and the generation did not change meanwhile. */
  readonly isComplete: boolean;
  /** Why it isn't complete, for people. */
  readonly problem?: string;
  /** Open orders of all clients. */
  readonly orders: readonly OrderReport[];
  readonly completed: readonly OrderReport[];
  readonly executions: readonly ExecutionReport[];
  readonly positions: readonly BrokerPosition[];
}
