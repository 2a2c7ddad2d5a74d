/** What is held, each with its stop; what nobody protects stands first. */
import { Link } from '@tanstack/react-router';
import type { Now, Position } from '../../api/types.js';
import type { Blind } from '../../banner/standing.js';
import { NONE, price, quantity, total } from '../../format/numbers.js';
import { clock } from '../../format/time.js';
import { Badge, Result } from '../../parts/figures.js';
import { Empty, Panel } from '../../parts/panel.js';
import { CloseAsk } from '../trade/close-ask.js';

/** An older quote says what a position was worth, and is told so. */
const QUOTE_OLD_MS = 20_000;

interface PanelProps {
  readonly now: Now;
  readonly positions: readonly Position[];
  readonly blind: Blind | null;
}

export function PositionsPanel({ now, positions, blind }: PanelProps) {
  const valued = total(positions.map((position) => position.unrealized_pnl));
  const aside =
    blind !== null ? (
      <>last known at {clock(blind.knownAt)}</>
    ) : (
      <>
        unrealized <Result value={valued} />
      </>
    );
  if (positions.length === 0) {
    return (
      <Panel title="Open positions" aside={blind === null ? undefined : aside}>
        <Empty title="No position is open.">
          Signals open them: <Link to="/preview">preview and execute</Link> one here, or send it
          with <code>npx ballast signal</code>.
        </Empty>
      </Panel>
    );
  }
  return (
    <Panel title="Open positions" aside={aside} isFlush>
      <div className="table-wrap">
        <table className={`table table-cards ${blind === null ? '' : 'last-known'}`}>
          <thead>
            <tr>
              <th>Symbol</th>
              <th className="num">Shares</th>
              <th>Protection</th>
              <th className="num">Now, cost</th>
              <th className="num">Unrealized</th>
              <th className="num">Stop, target</th>
              <th>
                <span className="hidden-visually">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {[...positions].sort(byUrgency).map((position) => (
              <Row
                key={`${position.account_id}/${position.strategy_id}/${position.symbol}`}
                position={position}
                nowMs={Date.parse(now.at)}
                isBlind={blind !== null}
              />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function urgency({ strategy_id: strategy, trades }: Position): number {
  if (trades.some(({ is_protected: isProtected }) => !isProtected)) return 0;
  return strategy === null ? 1 : 2;
}

function byUrgency(a: Position, b: Position): number {
  return urgency(a) - urgency(b) || a.symbol.localeCompare(b.symbol);
}

interface RowProps {
  readonly position: Position;
  readonly nowMs: number;
  readonly isBlind: boolean;
}

function Row({ position, nowMs, isBlind }: RowProps) {
  const { symbol, strategy_id: strategy, trades } = position;
  const [trade] = trades;
  const stops = [...new Set(trades.map(({ stop_price: stop }) => price(stop)))];
  const targets = [...new Set(trades.map(({ target_price: target }) => price(target)))];
  const isOld = position.quote_at !== null && nowMs - Date.parse(position.quote_at) > QUOTE_OLD_MS;
  return (
    <tr data-symbol={symbol}>
      <td className="card-head name">
        {trade === undefined ? (
          <strong>{symbol}</strong>
        ) : (
          <Link to="/trades/$id" params={{ id: trade.trade_id }}>
            <strong>{symbol}</strong>
          </Link>
        )}
        <span className="sub">{strategy ?? 'external, not managed'}</span>
      </td>
      <td className="num" data-label="Shares">
        {quantity(position.quantity)}
      </td>
      <td data-label="Protection">
        <Protection position={position} isBlind={isBlind} />
      </td>
      <td className="num" data-label="Now, cost">
        <span>
          {price(position.closing_price)}
          {isOld && <span className="sub stale-note">of {clock(position.quote_at!)}</span>}
          <span className="sub">{price(position.average_cost)}</span>
        </span>
      </td>
      <td className="num" data-label="Unrealized">
        <Result value={position.unrealized_pnl} />
      </td>
      <td className="num" data-label="Stop, target">
        <span>
          {stops.join(', ') || NONE}
          <span className="sub">{targets.join(', ') || NONE}</span>
        </span>
      </td>
      <td className="num">
        {trades.length === 1 && trade && (
          <CloseAsk key={trade.trade_id} trade={{ ...trade, symbol }} />
        )}
      </td>
    </tr>
  );
}

function Protection({ position: { trades }, isBlind }: Omit<RowProps, 'nowMs'>) {
  if (trades.length === 0) return <Badge glyph="○">not managed</Badge>;
  const isArmed = trades.every(({ is_protected: isProtected }) => isProtected);
  if (!isArmed) {
    return (
      <Badge tone="bad" glyph="✕">
        no armed stop
      </Badge>
    );
  }
  const excess = trades.find(({ excess_exits: shares }) => shares !== null)?.excess_exits;
  if (excess) {
    return (
      <Badge tone="warn" glyph="!">
        {excess} too many
      </Badge>
    );
  }
  if (isBlind)
    return (
      <Badge tone="warn" glyph="?">
        was armed
      </Badge>
    );
  const sleeps = trades.some(({ regular_hours_only: hours }) => hours);
  return (
    <Badge tone={sleeps ? 'quiet' : 'good'} glyph={sleeps ? '☾' : '✓'}>
      {sleeps ? 'armed for the open' : 'armed'}
    </Badge>
  );
}
