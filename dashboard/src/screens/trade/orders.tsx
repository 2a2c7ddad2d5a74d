/** What was sent, and what came back. */
import { Fragment } from 'react';
import type { Incarnation, Order, TradeWhole } from '../../api/types.js';
import { money, NONE, price, quantity } from '../../format/numbers.js';
import { words } from '../../format/words.js';
import { Badge, When } from '../../parts/figures.js';
import type { Tone } from '../../parts/tone.js';
import { Empty, Panel } from '../../parts/panel.js';
import { writeStage, type Stage } from './stages.js';

export function Orders({ trade }: { readonly trade: TradeWhole }) {
  if (trade.orders.length === 0) {
    return (
      <Panel title="What was sent, what came back">
        <Empty title="Nothing was sent." />
      </Panel>
    );
  }
  return (
    <Panel title="What was sent, what came back" isFlush>
      <div className="table-wrap" tabIndex={0} role="group" aria-label="Orders">
        <table className="table">
          <thead>
            <tr>
              <th>Order</th>
              <th className="num">Price</th>
              <th>Sent</th>
              <th>Acknowledged</th>
              <th>Status</th>
              <th className="num">Filled</th>
              <th className="num">At</th>
            </tr>
          </thead>
          <tbody>
            {trade.orders.map((order) => (
              <OrderRows key={order.id} order={order} />
            ))}
          </tbody>
        </table>
      </div>
      <Fills trade={trade} />
    </Panel>
  );
}

function OrderRows({ order }: { readonly order: Order }) {
  const [first, ...changes] = order.incarnations;
  const shown = price(order.stop_price ?? order.limit_price);
  return (
    <Fragment>
      <tr>
        <td
          title={`reference ${order.client_order_id}, broker’s id ${order.broker_order_id ?? NONE}`}
        >
          <strong>{words(order.role)}</strong> {order.side} {quantity(order.quantity)}{' '}
          {order.order_type} <span className="small muted">{order.time_in_force}</span>
        </td>
        <td className="num">{order.order_type === 'MKT' ? 'market' : shown}</td>
        <td>
          <When at={first?.written_at ?? null} />
        </td>
        <td>
          <When at={order.acknowledged_at} />
        </td>
        <td>
          <Badge tone={toneOf(order)}>{words(order.status)}</Badge>
          {order.error !== null && (
            <span className="sub wrap">
              {order.error.code} <bdi>{order.error.message}</bdi>
            </span>
          )}
        </td>
        <td className="num">{quantity(order.filled_quantity)}</td>
        <td className="num">{price(order.average_price)}</td>
      </tr>
      {changes.map((write) => (
        <ChangeRow key={write.n} write={write} />
      ))}
    </Fragment>
  );
}

const STAGES: Readonly<Record<Stage, string>> = {
  asked: 'about to be sent',
  sent: 'sent, not acknowledged',
  acknowledged: 'acknowledged',
  refused: 'came to nothing',
  unknown: 'no answer: it is looked up',
};

function ChangeRow({ write }: { readonly write: Incarnation }) {
  const stage = writeStage(write);
  const to = write.terms?.stop_price ?? write.terms?.limit_price ?? null;
  return (
    <tr className="small muted">
      <td>
        ↳ {write.kind === 'cancel' ? 'cancel' : `changed to ${quantity(write.terms?.quantity)}`}
      </td>
      <td className="num">
        {write.terms?.trail_amount ? `trails ${price(write.terms.trail_amount)}` : price(to)}
      </td>
      <td>
        <When at={write.written_at} />
      </td>
      <td colSpan={4}>{STAGES[stage]}</td>
    </tr>
  );
}

function toneOf({ status }: Order): Tone {
  if (status === 'UNKNOWN' || status === 'PENDING' || status === 'CANCEL_PENDING') return 'warn';
  if (status === 'REJECTED' || status === 'FAILED') return 'bad';
  return status === 'ACCEPTED' || status === 'EXECUTED' || status === 'PARTIAL' ? 'good' : 'quiet';
}

function Fills({ trade }: { readonly trade: TradeWhole }) {
  if (trade.executions.length === 0) return null;
  return (
    <div className="table-wrap fills" tabIndex={0} role="group" aria-label="Fills">
      <table className="table">
        <thead>
          <tr>
            <th>Fill</th>
            <th className="num">Shares</th>
            <th className="num">Price</th>
            <th className="num">Commission</th>
            <th>Executed</th>
            <th>Told here</th>
          </tr>
        </thead>
        <tbody>
          {trade.executions.map((fill) => (
            <tr key={`${fill.execution_id}${fill.correction}`} data-fill={fill.execution_id}>
              <td title={fill.execution_id}>
                {fill.side}{' '}
                <span className="small muted">{fill.role ?? 'not by an order of ours'}</span>
                {fill.is_superseded && (
                  <span className="small muted"> · replaced by a later report</span>
                )}
                {fill.is_inferred && (
                  <span className="small muted"> · concluded from the position</span>
                )}
              </td>
              <td className="num">{quantity(fill.quantity)}</td>
              <td className="num">{price(fill.price)}</td>
              <td className="num">{money(fill.commission)}</td>
              <td>
                <When at={fill.executed_at} />
              </td>
              <td>
                <When at={fill.received_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
