/** What the store needs beside a book to save it; nothing that rules look at. */
import type { TradeSnapshot } from '../../contract/workflows.js';

export interface BookKeys {
  readonly userId: string;
  /** The account's row. */
  readonly accountId: string;
  readonly connectionId: string;
  readonly strategyId: string;
  /** As loaded: a save compares with it. */
  readonly seq: number;
  /** The newest snapshot; null before the first plan. */
  readonly snapshot: TradeSnapshot | null;
}
