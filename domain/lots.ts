/** FIFO lots: which fills of the exit closed which fills of the entry, and what each pair earned. */
import { min, type Decimal } from './money.js';
import type { Side } from './vocabulary.js';

export interface LotExecution {
  readonly executionId: string;
  readonly side: Side;
  readonly quantity: Decimal;
  readonly price: Decimal;
}

export interface LotMatch {
  readonly openExecutionId: string;
  readonly closeExecutionId: string;
  readonly quantity: Decimal;
  readonly openPrice: Decimal;
  readonly closePrice: Decimal;
  /** Before commissions. */
  readonly grossPnl: Decimal;
}

/** Matches executions, oldest first. `side` is the entry's: its executions open, the others close. */
export function matchLots(side: Side, executions: readonly LotExecution[]): LotMatch[] {
  const open: { execution: LotExecution; left: Decimal }[] = [];
  const matches: LotMatch[] = [];
  for (const execution of executions) {
    if (execution.side === side) {
      open.push({ execution, left: execution.quantity });
      continue;
    }
    let left = execution.quantity;
    while (left.gt(0) && open.length > 0) {
      const first = open[0]!;
      const quantity = min(left, first.left);
      const gain = execution.price.sub(first.execution.price).mul(quantity);
      matches.push({
        openExecutionId: first.execution.executionId,
        closeExecutionId: execution.executionId,
        quantity,
        openPrice: first.execution.price,
        closePrice: execution.price,
        grossPnl: side === 'BUY' ? gain : gain.neg(),
      });
      left = left.sub(quantity);
      first.left = first.left.sub(quantity);
      if (first.left.isZero()) open.shift();
    }
  }
  return matches;
}
