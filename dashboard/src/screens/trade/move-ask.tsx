/** Moving a stop or a target, and letting a stop trail, with what it changes in money. */
import { useId, useState } from 'react';
import { answer, http, withinMs } from '../../api/client.js';
import { queries } from '../../api/queries.js';
import type { TradeWhole } from '../../api/types.js';
import { useSeen } from '../../api/use-now.js';
import { useMay } from '../../app-state.js';
import { decimal, text } from '../../../../domain/money.js';
import { price, quantity, signed, typedPrice } from '../../format/numbers.js';
import { Ask } from '../../parts/confirm.js';
import { isPercent, isPrice, marketProblem, percentProblem, priceProblem } from './typed-price.js';

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
  const isTyped = isPrice(entered);
  const refusal = useMarketProblem(trade, exit, isTyped ? entered : null);
  const isReady = isTyped && refusal === null;
  const isWider = exit === 'stop' && isTyped && now !== null && isFarther(trade, entered, now);
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
      action={isReady ? `Move the ${exit} to ${typedPrice(entered)}` : `Move the ${exit}`}
      isReady={isReady}
      isDanger={isWider}
      onConfirm={(key) => move(trade.id, key, change())}
    >
      <Typed
        label={`New price; it stands at ${price(now)}`}
        value={entered}
        problem={isTyped ? refusal : priceProblem(entered)}
        onChange={setEntered}
      />
      <p aria-live="polite">
        {isReady ? (
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

/** By the newest quote of the position; null without one, or without a price. */
function useMarketProblem(trade: TradeWhole, exit: 'stop' | 'target', typed: string | null) {
  const { seen } = useSeen();
  const position = seen?.now.positions.find(({ trades }) =>
    trades.some(({ trade_id: id }) => id === trade.id),
  );
  if (seen === null || typed === null) return null;
  return marketProblem({ side: trade.side, exit }, typed, position, Date.parse(seen.now.at));
}

interface TypedProps {
  readonly label: string;
  readonly value: string;
  readonly problem: string | null;
  readonly onChange: (value: string) => void;
}

/** A field, and what is wrong with what was typed; of an empty one once Enter was pressed in it. */
function Typed({ label, value, problem, onChange }: TypedProps) {
  const id = useId();
  const [isTried, setTried] = useState(false);
  const told = value !== '' || isTried ? problem : null;
  return (
    <div className="field">
      <label className="field">
        <span>{label}</span>
        <input
          className="input"
          inputMode="decimal"
          autoFocus
          autoComplete="off"
          value={value}
          aria-invalid={told !== null}
          aria-describedby={id}
          onKeyDown={({ key }) => key === 'Enter' && setTried(true)}
          onChange={({ target }) => onChange(target.value.trim())}
        />
      </label>
      <p id={id} className="small tone-bad" aria-live="polite">
        {told}
      </p>
    </div>
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

export function TrailAsk({ trade }: { readonly trade: TradeWhole }) {
  const mayTrade = useMay('trade');
  const [entered, setEntered] = useState('2');
  const isGiven = isPercent(entered);
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
      <Typed
        label="So far behind the best price, in percent"
        value={entered}
        problem={percentProblem(entered)}
        onChange={setEntered}
      />
      <p>
        The stop at {price(trade.stop_price)} follows the best price from now on, by steps, and
        never falls back
        {isLong(trade) ? '' : ' up'}.
      </p>
    </Ask>
  );
}
