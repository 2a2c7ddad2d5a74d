/** Moving a stop or a target, and letting a stop trail, with what it changes in money. */
import { useState } from 'react';
import { answer, http, withinMs } from '../../api/client.js';
import { queries } from '../../api/queries.js';
import type { TradeWhole } from '../../api/types.js';
import { useMay } from '../../app-state.js';
import { decimal, text } from '../../../../domain/money.js';
import { price, quantity, signed, typedPrice, TYPED_DECIMALS_MAX } from '../../format/numbers.js';
import { Ask } from '../../parts/confirm.js';

const PRICE = new RegExp(`^\\d{1,9}(\\.\\d{1,${TYPED_DECIMALS_MAX}})?$`);

type Change =
  | { readonly stop_price: string; readonly widen?: boolean }
  | { readonly target_price: string }
  | { readonly trail: { readonly percent: string } };

async function move(id: string, key: string, body: Change): Promise<void> {
  const params = { path: { id }, header: { 'idempotency-key': key } };
  await answer(http.PATCH('/api/v1/trades/{id}', { params, body, ...withinMs() }));
  await queries.invalidateQueries({ queryKey: ['trade', id] });
}

interface MoveProps {
  readonly trade: TradeWhole;
  readonly exit: 'stop' | 'target';
}

export function MoveAsk({ trade, exit }: MoveProps) {
  const mayTrade = useMay('trade');
  const now = exit === 'stop' ? trade.stop_price : trade.target_price;
  const [entered, setEntered] = useState('');
  const isPrice = PRICE.test(entered) && decimal(entered).gt('0');
  const isWider = exit === 'stop' && isPrice && now !== null && isFarther(trade, entered, now);
  const change = (): Change =>
    exit === 'stop'
      ? { stop_price: entered, ...(isWider && { widen: true }) }
      : { target_price: entered };
  const held = quantity(trade.held_quantity.replace(/^-/, ''));
  return (
    <Ask
      label={now === null ? `Set a ${exit} …` : `Move the ${exit} …`}
      isDisabled={!mayTrade || (exit === 'target' && now === null)}
      hint={now === null ? 'it was opened without one' : undefined}
      title={`Move the ${exit} of ${held} ${trade.symbol}`}
      action={isPrice ? `Move the ${exit} to ${typedPrice(entered)}` : `Move the ${exit}`}
      isReady={isPrice}
      isDanger={isWider}
      onConfirm={(key) => move(trade.id, key, change())}
    >
      <label className="field">
        <span>New price; it stands at {price(now)}</span>
        <input
          className="input"
          inputMode="decimal"
          autoFocus
          autoComplete="off"
          value={entered}
          onChange={({ target }) => setEntered(target.value.trim())}
        />
      </label>
      <p aria-live="polite">
        {isPrice ? (
          <>
            At {typedPrice(entered)} the {exit} would end the trade with about{' '}
            <strong>{signed(resultAt(trade, entered))}</strong> before commissions.
            {isWider &&
              ' That risks more than the stop that stands; it is taken within the limits only.'}
          </>
        ) : (
          'The order at the broker is changed, not cancelled: there is a stop at every moment.'
        )}
      </p>
    </Ask>
  );
}

function isLong({ side }: TradeWhole): boolean {
  return side === 'BUY';
}

function isFarther(trade: TradeWhole, next: string, now: string): boolean {
  return isLong(trade) ? decimal(next).lt(decimal(now)) : decimal(next).gt(decimal(now));
}

/** What is held, closed at a price. */
function resultAt(trade: TradeWhole, at: string): string | null {
  if (trade.average_entry === null) return null;
  const perShare = decimal(at).sub(decimal(trade.average_entry));
  return text(perShare.mul(decimal(trade.held_quantity)));
}

const PERCENT = /^\d{1,2}(\.\d{1,3})?$/;

export function TrailAsk({ trade }: { readonly trade: TradeWhole }) {
  const mayTrade = useMay('trade');
  const [entered, setEntered] = useState('2');
  const isGiven = PERCENT.test(entered) && decimal(entered).gt('0') && decimal(entered).lt('50');
  const fraction = isGiven ? text(decimal(entered).div('100')) : '';
  return (
    <Ask
      label="Let the stop trail …"
      isDisabled={!mayTrade}
      title={`Let the stop of ${trade.symbol} trail`}
      action={isGiven ? `Trail by ${entered} %` : 'Trail'}
      isReady={isGiven}
      onConfirm={(key) => move(trade.id, key, { trail: { percent: fraction } })}
    >
      <label className="field">
        <span>So far behind the best price, in percent</span>
        <input
          className="input"
          inputMode="decimal"
          autoComplete="off"
          value={entered}
          onChange={({ target }) => setEntered(target.value.trim())}
        />
      </label>
      <p>
        The stop at {price(trade.stop_price)} follows the best price from now on, by steps, and
        never falls back
        {isLong(trade) ? '' : ' up'}.
      </p>
    </Ask>
  );
}
