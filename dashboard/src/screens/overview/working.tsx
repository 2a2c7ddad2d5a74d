/** Entries that are at the broker, or may be, and hold nothing yet. */
import { Link } from '@tanstack/react-router';
import type { OpenTrade } from '../../api/types.js';
import { price, quantity } from '../../format/numbers.js';
import { words } from '../../format/words.js';
import { Badge } from '../../parts/figures.js';
import { Panel } from '../../parts/panel.js';

export function WorkingPanel({ entries }: { readonly entries: readonly OpenTrade[] }) {
  return (
    <Panel title="Entries at the broker" isFlush>
      <div className="table-wrap">
        <table className="table table-cards">
          <thead>
            <tr>
              <th>Symbol</th>
              <th>Side</th>
              <th className="num">Shares</th>
              <th className="num">Limit</th>
              <th className="num">Stop</th>
              <th>State</th>
            </tr>
          </thead>
          <tbody>
            {entries.map((trade) => (
              <tr key={trade.trade_id} data-entry={trade.trade_id}>
                <td className="card-head name">
                  <Link to="/trades/$id" params={{ id: trade.trade_id }}>
                    {trade.symbol}
                  </Link>
                </td>
                <td data-label="Side">{trade.side}</td>
                <td className="num" data-label="Shares">
                  {quantity(trade.planned_quantity)}
                  {trade.filled_quantity !== '0' && ` (${quantity(trade.filled_quantity)} filled)`}
                </td>
                <td className="num" data-label="Limit">
                  {trade.limit_price === null ? 'market' : price(trade.limit_price)}
                </td>
                <td className="num" data-label="Stop">
                  {price(trade.stop_price)}
                </td>
                <td data-label="State">
                  <Badge tone={trade.state === 'ENTRY_UNKNOWN' ? 'warn' : 'quiet'}>
                    {words(trade.state)}
                  </Badge>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
