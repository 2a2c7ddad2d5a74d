/** What a trade cost so far: while it is open its commissions are known fill by fill. */
import type { TradeWhole } from '../../api/types.js';
import { money, NONE, total } from '../../format/numbers.js';

type Costs = Pick<TradeWhole, 'commission' | 'executions'>;

/** `2.00`; `1.00 so far` until the last is known. */
export function commissionTold({ commission, executions }: Costs): string {
  if (commission !== null) return money(commission);
  const known = executions.filter((fill) => !fill.is_superseded && fill.commission !== null);
  const currencies = new Set(known.map((fill) => fill.commission_currency));
  if (known.length === 0 || currencies.size > 1) return NONE;
  return `${money(total(known.map((fill) => fill.commission)))} so far`;
}
