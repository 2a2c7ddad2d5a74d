/** Closing a position, asked once with its numbers. */
import { useNavigate } from '@tanstack/react-router';
import { answer, http, withinMs } from '../../api/client.js';
import { queries } from '../../api/queries.js';
import { useMay } from '../../app-state.js';
import { price, quantity } from '../../format/numbers.js';
import { Ask } from '../../parts/confirm.js';

interface Held {
  readonly trade_id: string;
  readonly symbol: string;
  readonly held_quantity: string;
  readonly stop_price: string | null;
  readonly target_price: string | null;
}

/** The button, and the question behind it. */
export function CloseAsk({
  trade,
  isSmall = true,
}: {
  readonly trade: Held;
  readonly isSmall?: boolean;
}) {
  const navigate = useNavigate();
  const mayTrade = useMay('trade');
  const {
    trade_id: id,
    symbol,
    held_quantity: held,
    stop_price: stop,
    target_price: target,
  } = trade;
  const isShort = held.startsWith('-');
  const shares = quantity(held.replace(/^-/, ''));
  const close = async (key: string) => {
    const params = { path: { id }, header: { 'idempotency-key': key } };
    await answer(http.POST('/api/v1/trades/{id}/close', { params, body: {}, ...withinMs() }));
    void queries.invalidateQueries({ queryKey: ['trade', id] });
    await navigate({ to: '/trades/$id', params: { id } });
  };
  return (
    <Ask
      label="Close …"
      className={`button ${isSmall ? 'button-small' : 'button-danger'}`}
      isDisabled={!mayTrade}
      hint={mayTrade ? `Close ${shares} ${symbol}` : 'this session has no scope “trade”'}
      title={`Close ${shares} ${symbol}?`}
      action={`${isShort ? 'Buy back' : 'Sell'} ${shares} ${symbol} at the market`}
      isDanger
      onConfirm={close}
    >
      <p>
        A market order {isShort ? 'buys back' : 'sells'} {shares} shares; what of the entry is
        unfilled is cancelled. The stop at {price(stop)}
        {target !== null && <> and the target at {price(target)}</>} stay until it is filled, so the
        position is never without one. Outside the session the order waits for the open.
      </p>
    </Ask>
  );
}
