/** The form of a preview, and the signal that it becomes. */
import { decimal, text } from '../../../../domain/money.js';

export interface Form {
  readonly strategy: string;
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  readonly orderType: 'MKT' | 'LMT';
  readonly limitPrice: string;
  /** How the stop is given. */
  readonly stopBy: 'price' | 'percent';
  readonly stop: string;
  readonly target: string;
  /** How the size is given. */
  readonly sizeBy: 'risk' | 'quantity';
  readonly size: string;
}

export const EMPTY_FORM: Form = {
  ...{ strategy: 'manual', symbol: '', side: 'BUY', orderType: 'MKT', limitPrice: '' },
  ...{ stopBy: 'percent', stop: '3', target: '6', sizeBy: 'risk', size: '1' },
};

export type SignalBody = {
  strategy_id: string;
  symbol: string;
  side: 'BUY' | 'SELL';
  [name: string]: string;
};

const NUMBER = /^\d+(\.\d{1,8})?$/;

/** What keeps the form from being a signal, field by field; none: it is one. */
export function problemsOf(form: Form): Partial<Record<keyof Form, string>> {
  const isNumber = (value: string) => NUMBER.test(value) && decimal(value).gt('0');
  const isPercent = (value: string) => isNumber(value) && decimal(value).lt('100');
  const isStop = form.stopBy === 'percent' ? isPercent(form.stop) : isNumber(form.stop);
  const isTarget =
    form.target === '' ||
    (form.stopBy === 'percent' ? isPercent(form.target) : isNumber(form.target));
  const isSize = form.sizeBy === 'risk' ? isPercent(form.size) : isNumber(form.size);
  return {
    ...(!/^[A-Za-z0-9][A-Za-z0-9 ./-]{0,19}$/.test(form.symbol) && {
      symbol: 'a symbol, such as AAPL',
    }),
    ...(!/^[A-Za-z0-9._-]{1,64}$/.test(form.strategy) && { strategy: 'a name without blanks' }),
    ...(form.orderType === 'LMT' && !isNumber(form.limitPrice) && { limitPrice: 'a price' }),
    ...(!isStop && { stop: form.stopBy === 'percent' ? 'a percentage' : 'a price' }),
    ...(!isTarget && { target: 'a number, or nothing' }),
    ...(!isSize && { size: form.sizeBy === 'risk' ? 'a percentage' : 'a number of shares' }),
  };
}

const fraction = (percent: string) => text(decimal(percent).div('100'));

/** The signal of a form without problems. */
export function signalOf(form: Form): SignalBody {
  const isPercent = form.stopBy === 'percent';
  const exits: Record<string, string> = isPercent
    ? { stop_loss_pct: fraction(form.stop) }
    : { stop_loss: form.stop };
  if (form.target !== '') {
    exits[isPercent ? 'take_profit_pct' : 'take_profit'] = isPercent
      ? fraction(form.target)
      : form.target;
  }
  const size: Record<string, string> =
    form.sizeBy === 'risk' ? { risk_pct: fraction(form.size) } : { quantity: form.size };
  return {
    ...{ strategy_id: form.strategy, symbol: form.symbol.trim().toUpperCase(), side: form.side },
    ...{ order_type: form.orderType, ...exits, ...size },
    ...(form.orderType === 'LMT' && { entry_price: form.limitPrice }),
  };
}
