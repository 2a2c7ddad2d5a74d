/** How it stands or ended, and what it cost. */
import type { TradeWhole } from '../../api/types.js';
import { useSeen } from '../../api/use-now.js';
import { multiple, price, quantity } from '../../format/numbers.js';
import { span } from '../../format/time.js';
import { words } from '../../format/words.js';
import { Result, When } from '../../parts/figures.js';
import { Panel } from '../../parts/panel.js';
import { useNowMs } from '../../parts/ticking.js';
import { commissionTold } from './commission.js';
import { sharesOf } from './state.js';

export function Outcome({ trade }: { readonly trade: TradeWhole }) {
  const isHeld = trade.held_quantity !== '0';
  const nowMs = useNowMs();
  const endMs = trade.closed_at === null ? nowMs : Date.parse(trade.closed_at);
  return (
    <Panel title={isHeld ? 'How it stands' : 'How it ended, what it cost'}>
      <dl className="pairs">
        {trade.failure !== null && (
          <>
            <dt>What went wrong</dt>
            <dd>{trade.failure}</dd>
          </>
        )}
        {trade.exit_reason !== null && (
          <>
            <dt>Ended by</dt>
            <dd>{words(trade.exit_reason)}</dd>
          </>
        )}
        <dt>Filled</dt>
        <dd>
          {quantity(trade.filled_quantity)} of {quantity(sharesOf(trade))}
        </dd>
        <dt>Entry</dt>
        <dd>{price(trade.average_entry)}</dd>
        {trade.entry_slippage !== null && (
          <>
            <dt>Against the price it was sized with</dt>
            <dd>{worse(trade.entry_slippage)} a share</dd>
          </>
        )}
        <dt>{isHeld ? 'Stop' : 'Exit'}</dt>
        <dd>{price(isHeld ? trade.stop_price : trade.average_exit)}</dd>
        {isHeld && <Unrealized trade={trade} />}
        <dt>Gross</dt>
        <dd>
          <Result value={trade.gross_pnl} />
        </dd>
        <dt>Commissions</dt>
        <dd data-told="commissions">{commissionTold(trade)}</dd>
        <dt>Net</dt>
        <dd>
          <strong>
            <Result value={trade.realized_pnl} />
          </strong>
        </dd>
        <dt>By what was at risk</dt>
        <dd>{multiple(trade.r_multiple)}</dd>
        {trade.opened_at !== null && (
          <>
            <dt>Held</dt>
            <dd>
              {span(endMs - Date.parse(trade.opened_at))}, from <When at={trade.opened_at} />
            </dd>
          </>
        )}
      </dl>
      {trade.doubt !== null && (
        <p className="stale-note">
          The result may be another one: <bdi>{trade.doubt}</bdi>
        </p>
      )}
    </Panel>
  );
}

function worse(slippage: string): string {
  if (slippage.startsWith('-')) return `${price(slippage.slice(1))} better`;
  return slippage === '0' ? 'the same' : `${price(slippage)} worse`;
}

function Unrealized({ trade }: { readonly trade: TradeWhole }) {
  const { seen } = useSeen();
  const position = seen?.now.positions.find(({ trades }) =>
    trades.some(({ trade_id: id }) => id === trade.id),
  );
  return (
    <>
      <dt>Now</dt>
      <dd>{price(position?.closing_price)}</dd>
      <dt>Unrealized{position && position.trades.length > 1 && ', of the whole position'}</dt>
      <dd>
        <Result value={position?.unrealized_pnl} />
      </dd>
    </>
  );
}
