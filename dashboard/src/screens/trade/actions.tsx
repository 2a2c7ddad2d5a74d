/** What can be asked of a trade now: each says with its numbers what it will do, and asks once. */
import { answer, http, withinMs } from '../../api/client.js';
import { queries } from '../../api/queries.js';
import type { TradeWhole } from '../../api/types.js';
import { useMay } from '../../app-state.js';
import { quantity } from '../../format/numbers.js';
import { Ask } from '../../parts/confirm.js';
import { CloseAsk } from './close-ask.js';
import { MoveAsk, TrailAsk } from './move-ask.js';
import { isOver } from './state.js';

const WORKING = ['ENTERING', 'ENTRY_UNKNOWN', 'PARTIALLY_OPEN'];

export function Actions({ trade }: { readonly trade: TradeWhole }) {
  const mayTrade = useMay('trade');
  if (isOver(trade)) return null;
  const isHeld = trade.held_quantity !== '0';
  const held = { ...trade, trade_id: trade.id };
  return (
    <div className="row" role="group" aria-label="What can be asked now">
      {isHeld && <CloseAsk trade={held} isSmall={false} />}
      {isHeld && <MoveAsk trade={trade} exit="stop" />}
      {isHeld && <MoveAsk trade={trade} exit="target" />}
      {isHeld && <TrailAsk trade={trade} />}
      {(WORKING.includes(trade.state) || !isHeld) && (
        <Ask
          label="Cancel the entry …"
          isDisabled={!mayTrade}
          title={`Cancel what of the entry is unfilled?`}
          action={`Cancel the entry of ${trade.symbol}`}
          onConfirm={(key) => cancel(trade.id, key)}
        >
          <p>
            {quantity(trade.filled_quantity)} of {quantity(trade.planned_quantity)} shares are
            filled; the rest is cancelled at the broker. What is held stays, with its stop.
          </p>
        </Ask>
      )}
    </div>
  );
}

async function cancel(id: string, key: string): Promise<void> {
  const params = { path: { id }, header: { 'idempotency-key': key } };
  await answer(http.POST('/api/v1/trades/{id}/cancel', { params, body: {}, ...withinMs() }));
  await queries.invalidateQueries({ queryKey: ['trade', id] });
}
