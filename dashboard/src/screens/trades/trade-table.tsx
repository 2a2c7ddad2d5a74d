/** Rows of trades, of which only those in sight are drawn: ten thousand scroll as ten do. */
import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useRef } from 'react';
import type { Trade } from '../../api/types.js';
import { multiple, price, quantity } from '../../format/numbers.js';
import { words } from '../../format/words.js';
import { Badge, Result, When } from '../../parts/figures.js';
import { Empty, Loading } from '../../parts/panel.js';
import { stateGlyph, stateTone } from '../trade/state.js';
import type { Sort, SortKey } from './filters.js';

const ROW_PX = 34;
/** Drawn beyond the edges, so that quick scrolling shows no gaps. */
const OVERSCAN = 12;

interface Column {
  readonly name: string;
  readonly key?: SortKey;
  readonly className?: string;
}

const COLUMNS: readonly Column[] = [
  { name: 'Taken in', key: 'opened', className: 'col-at' },
  { name: 'Symbol', key: 'symbol', className: 'col-symbol' },
  { name: 'Strategy', className: 'wide col-strategy' },
  { name: 'State', key: 'state', className: 'col-state' },
  { name: 'Shares', className: 'num wide' },
  { name: 'Entry', className: 'num wide' },
  { name: 'Exit', className: 'num wide' },
  { name: 'Stop', className: 'num wide' },
  { name: 'Result', key: 'pnl', className: 'num' },
  { name: 'R', key: 'r', className: 'num wide' },
  { name: 'Ended by', className: 'wide col-why' },
];

interface Props {
  readonly rows: readonly Trade[];
  readonly isLoading: boolean;
  readonly sort: Sort | undefined;
  readonly onSort: (key: SortKey) => void;
}

export function TradeTable({ rows, isLoading, sort, onSort }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => rows[index]!.id,
    overscan: OVERSCAN,
  });
  const items = virtual.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    // A person without a mouse scrolls it by keys.
    <div className="panel rows" ref={scroller} tabIndex={0} role="region" aria-label="Trades">
      <table className="table table-rows" aria-rowcount={rows.length + 1}>
        <Head sort={sort} onSort={onSort} />
        <tbody>
          <Space height={above} />
          {items.map(({ index, key }) => (
            <Row key={key} trade={rows[index]!} index={index + 2} />
          ))}
          <Space height={below} />
        </tbody>
      </table>
      {rows.length === 0 && (isLoading ? <Loading what="Trades" /> : <None />)}
    </div>
  );
}

function None() {
  return (
    <Empty title="No trade is like that." isFlush>
      Clear a filter; or there is none yet: <Link to="/preview">preview and execute</Link> a signal.
    </Empty>
  );
}

function Space({ height }: { readonly height: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden="true" className="space">
      <td colSpan={COLUMNS.length} style={{ height }} />
    </tr>
  );
}

const SORTED = { up: 'ascending', down: 'descending' } as const;

function Head({ sort, onSort }: Pick<Props, 'sort' | 'onSort'>) {
  return (
    <thead>
      <tr aria-rowindex={1}>
        {COLUMNS.map(({ name, key, className }) => {
          const way =
            key === undefined ? null : sort === key ? 'up' : sort === `-${key}` ? 'down' : null;
          return (
            <th key={name} className={className} aria-sort={way === null ? undefined : SORTED[way]}>
              {key === undefined ? (
                name
              ) : (
                <button type="button" className="sort" onClick={() => onSort(key)}>
                  {name}{' '}
                  <span aria-hidden="true">{way === null ? '' : way === 'up' ? '▲' : '▼'}</span>
                </button>
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

const Row = memo(function Row({ trade, index }: { readonly trade: Trade; readonly index: number }) {
  const isHeld = trade.held_quantity !== '0';
  const shares = isHeld ? trade.held_quantity : trade.filled_quantity;
  return (
    <tr aria-rowindex={index} data-trade={trade.id}>
      <td className="col-at small">
        <When at={trade.created_at} />
      </td>
      <td className="col-symbol">
        <Link to="/trades/$id" params={{ id: trade.id }} preload={false}>
          {trade.symbol}
        </Link>{' '}
        <span className="small muted">{trade.side}</span>
      </td>
      <td className="wide clip">{trade.strategy_id}</td>
      <td className="col-state">
        <Badge tone={stateTone(trade)} glyph={stateGlyph(trade)}>
          {words(trade.state)}
        </Badge>
      </td>
      <td className="num wide">{quantity(shares)}</td>
      <td className="num wide">{price(trade.average_entry)}</td>
      <td className="num wide">{price(trade.average_exit)}</td>
      <td className="num wide">{price(trade.stop_price)}</td>
      <td className="num">
        <Result value={trade.realized_pnl} />
      </td>
      <td className="num wide">{multiple(trade.r_multiple)}</td>
      <td className="wide clip" title={trade.failure ?? undefined}>
        {trade.exit_reason ?? trade.denial_codes.join(', ')}
      </td>
    </tr>
  );
});
