/** Codes as words. What is not known here is shown as it came: nothing is hidden for want of a word. */

/** `MAX_OPEN_RISK_PCT` as a person says it. */
const LIMITS: Readonly<Record<string, string>> = {
  MAX_POSITION_PCT: 'Position',
  MAX_STRATEGY_PCT: 'Strategy',
  MAX_OPEN_RISK_PCT: 'Open risk',
  MAX_SECTOR_EXPOSURE_PCT: 'Sector',
  MAX_OPEN_POSITIONS: 'Open positions',
  MAX_TRADES_PER_DAY: 'Trades today',
  MAX_ORDERS_PER_MINUTE: 'Orders, last minute',
  DAILY_LOSS_LIMIT: 'Loss of the day',
};

export function limitWord(name: string): string {
  return LIMITS[name] ?? words(name);
}

const CAPS: Readonly<Record<string, string>> = {
  position: 'Position limit',
  strategy: 'Strategy limit',
  cash: 'Cash',
  buying_power: 'Buying power',
  open_risk: 'Open risk limit',
  max_quantity: 'Quantity asked for',
};

export function capWord(name: string): string {
  return CAPS[name] ?? words(name);
}

const KINDS: Readonly<Record<string, string>> = {
  executions_missing: 'Executions missing',
  in_doubt: 'Result in doubt',
  external_opposite: 'Held by others',
  daily_loss: 'Daily loss limit',
};

/** The kind of what waits for a person. */
export function kindWord(kind: string): string {
  return KINDS[kind] ?? words(kind);
}

/** `AWAITING_APPROVAL`, `mass_breach` as words. */
export function words(code: string): string {
  const plain = code.toLowerCase().replaceAll('_', ' ');
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** `1 position`, `3 positions`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
