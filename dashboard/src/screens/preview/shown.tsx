/** What a preview shows, and the button that has exactly that sent. */
import { useNavigate } from '@tanstack/react-router';
import { answer, http, SLOW_TIMEOUT_MS, withinMs } from '../../api/client.js';
import { RefusedError } from '../../api/problem.js';
import type { Preview } from '../../api/types.js';
import { useMay } from '../../app-state.js';
import { money, price, quantity } from '../../format/numbers.js';
import { span } from '../../format/time.js';
import { words } from '../../format/words.js';
import { Badge, When } from '../../parts/figures.js';
import { Ask } from '../../parts/confirm.js';
import { Panel } from '../../parts/panel.js';
import { useNowMs } from '../../parts/ticking.js';
import { Tile } from '../approvals/tile.js';
import { SizingFigures } from '../trade/sizing-panel.js';
import { Checks } from './checks.js';

interface Props {
  readonly preview: Preview;
  /** Another one was to be sent, and was not. */
  readonly isNewer: boolean;
  /** It would be another one now: that is shown instead. */
  readonly onChanged: (preview: Preview) => void;
  readonly onAgain: () => Promise<void>;
}

export function Shown({ preview, isNewer, onChanged, onAgain }: Props) {
  const nowMs = useNowMs();
  const { shows, state } = preview;
  const leftMs = preview.expires_at === null ? 0 : Date.parse(preview.expires_at) - nowMs;
  if (shows === null) {
    return <Panel title="What it would come to">Nobody could make it: try it again.</Panel>;
  }
  const isDenied = state === 'denied';
  return (
    <>
      <Panel
        title={`${preview.side} ${quantity(shows.sizing?.quantity)} ${preview.symbol}`}
        aside={
          <>
            made <When at={preview.made_at} />
          </>
        }
      >
        <div className="stack" data-preview={preview.preview_id} data-state={state}>
          {isNewer && (
            <p className="stale-note" role="alert">
              Price or size have moved, and nothing was sent: this is what it would be now.
            </p>
          )}
          <Standing preview={preview} nowMs={nowMs} />
          <dl className="tiles">
            <Tile name="Value" value={money(shows.sizing?.position_value)} />
            <Tile name="At risk to the stop" value={money(shows.sizing?.risk_amount)} />
            <Tile name="Initial margin" value={money(shows.what_if?.initial_margin_change)} />
            <Tile name="Commission" value={money(shows.what_if?.commission)} />
          </dl>
          {shows.what_if_problem !== null && <p className="small muted">{shows.what_if_problem}</p>}
          {leftMs <= 0 && !isDenied ? (
            <button type="button" className="button" onClick={() => void onAgain()}>
              Preview again
            </button>
          ) : (
            !isDenied && <Execute preview={preview} onChanged={onChanged} />
          )}
        </div>
      </Panel>
      {shows.orders.length > 0 && <OrdersShown preview={preview} />}
      <div className="halves">
        {shows.sizing !== null && (
          <Panel title="Why this size">
            <SizingFigures sizing={shows.sizing} />
          </Panel>
        )}
        <Checks checks={shows.checks} />
      </div>
    </>
  );
}

/** Whether it would be sent, and how long as it is shown. */
function Standing({ preview, nowMs }: { readonly preview: Preview; readonly nowMs: number }) {
  const isDenied = preview.state === 'denied';
  const leftMs = (until: string | null) => (until === null ? 0 : Date.parse(until) - nowMs);
  const [asShownMs, untilGoneMs] = [leftMs(preview.as_shown_until), leftMs(preview.expires_at)];
  return (
    <div className="row">
      <Badge tone={isDenied ? 'bad' : 'good'} glyph={isDenied ? '⊘' : '✓'}>
        {isDenied ? 'would be denied' : 'would be sent'}
      </Badge>
      {preview.shows?.needs_approval && <Badge tone="warn">then waits for an approval</Badge>}
      <span className="small muted">
        {asShownMs > 0
          ? `as shown for ${span(asShownMs)} more`
          : untilGoneMs > 0
            ? `sent for ${span(untilGoneMs)} more, if it is about the same then`
            : 'too old to be sent: preview it again'}
      </span>
    </div>
  );
}

function OrdersShown({ preview: { shows } }: { readonly preview: Preview }) {
  return (
    <Panel title="The very orders" isFlush>
      <div className="table-wrap" tabIndex={0} role="group" aria-label="Orders">
        <table className="table">
          <thead>
            <tr>
              <th>Order</th>
              <th className="num">Shares</th>
              <th className="num">Price</th>
              <th>Good for</th>
            </tr>
          </thead>
          <tbody>
            {shows?.orders.map((order) => (
              <tr key={order.role}>
                <td>
                  <strong>{words(order.role)}</strong> {order.side} {order.order_type}
                </td>
                <td className="num">{quantity(order.quantity)}</td>
                <td className="num">
                  {order.order_type === 'MKT'
                    ? 'market'
                    : price(order.stop_price ?? order.limit_price)}
                </td>
                <td>{order.time_in_force}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function Execute({ preview, onChanged }: Pick<Props, 'preview' | 'onChanged'>) {
  const navigate = useNavigate();
  const mayTrade = useMay('trade');
  const { shows, preview_id: id, side, symbol } = preview;
  const shares = quantity(shows?.sizing?.quantity);
  const [entry, stop] = ['ENTRY', 'STOP'].map((role) =>
    shows?.orders.find((order) => order.role === role),
  );
  const execute = async () => {
    try {
      const params = { path: { id } };
      const asked = http.POST('/api/v1/previews/{id}/execute', {
        ...{ params, body: {}, ...withinMs(SLOW_TIMEOUT_MS) },
      });
      const { trade_id: tradeId } = await answer(asked);
      await navigate({ to: '/trades/$id', params: { id: tradeId } });
    } catch (error) {
      const newer = error instanceof RefusedError ? error.problem.preview : undefined;
      if (newer === undefined) throw error;
      onChanged(newer);
    }
  };
  return (
    <Ask
      label="Execute …"
      className="button button-main"
      isDisabled={!mayTrade}
      hint={mayTrade ? undefined : 'this session has no scope “trade”'}
      title={`${side} ${shares} ${symbol}?`}
      action={`${side === 'BUY' ? 'Buy' : 'Sell'} ${shares} ${symbol}`}
      onConfirm={execute}
    >
      <p>
        Sends {shares} {symbol}{' '}
        {entry?.limit_price ? `at ${price(entry.limit_price)} or better` : 'at the market'}, with a
        stop at {price(stop?.stop_price)} in the same group: {money(shows?.sizing?.risk_amount)} at
        risk, {money(shows?.sizing?.position_value)} in value. All checks are made again; once,
        however often it is asked.
      </p>
    </Ask>
  );
}
