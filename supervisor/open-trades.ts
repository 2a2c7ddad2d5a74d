/** What is open at the broker while nothing of this installation runs: told at the stop and at the start. */
import { openApp } from '../app/app.js';
import { listOpen, listPositions } from '../app/reads.js';
import { loadConfig } from '../config/index.js';
import { span } from '../contract/duration.js';
import type { OpenTradeView, PositionView } from '../contract/views.js';

/** A stop must not wait for a database that hangs. */
const READ_TIMEOUT_MS = 3_000;
/** More lines than a screen has help nobody. */
const SHOWN_MAX = 20;

/**
 * Reads what is open by the settings that the parts run with.
 * @returns lines for people: none when nothing is open, the reason when it could not be read
 */
export async function openTradesTold(env: NodeJS.ProcessEnv): Promise<string[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the database does not answer')), READ_TIMEOUT_MS);
  });
  try {
    const { open, external } = await Promise.race([readOpen(env), late]);
    return openTradesText(open, Date.now(), external);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [`What is open at the broker could not be read: ${why}`];
  } finally {
    clearTimeout(timer);
  }
}

/** What is held in an account and belongs to no trade. */
export type ExternalPosition = Pick<PositionView, 'account_id' | 'symbol' | 'quantity'>;

interface Open {
  readonly open: readonly OpenTradeView[];
  readonly external: readonly ExternalPosition[];
}

async function readOpen(env: NodeJS.ProcessEnv): Promise<Open> {
  const app = await openApp(loadConfig(env), 'supervisor');
  try {
    const open = await listOpen(app);
    const positions = await listPositions(app);
    return { open, external: positions.filter(({ strategy_id: strategy }) => strategy === null) };
  } finally {
    await app.close();
  }
}

/** One line for each open trade, those without protection first, then one for each external position. */
export function openTradesText(
  open: readonly OpenTradeView[],
  nowMs: number,
  external: readonly ExternalPosition[] = [],
): string[] {
  if (open.length + external.length === 0) return [];
  const held = open.filter(({ held_quantity: quantity }) => quantity !== '0');
  const naked = held.filter(({ is_protected: isProtected }) => !isProtected);
  const counts = [
    ...(held.length > 0 ? [`${held.length} ${held.length === 1 ? 'position' : 'positions'}`] : []),
    ...(open.length > held.length ? [`${open.length - held.length} unfilled`] : []),
    ...(external.length > 0 ? [`${external.length} EXTERNAL`] : []),
  ];
  const alarm = naked.length > 0 ? `, ${naked.length} NOT PROTECTED` : '';
  const sorted = [...naked, ...open.filter((trade) => !naked.includes(trade))];
  const all = [...sorted.map((trade) => lineOf(trade, nowMs)), ...external.map(externalLine)];
  const more = all.length > SHOWN_MAX ? [`  … and ${all.length - SHOWN_MAX} more`] : [];
  const lines = all.slice(0, SHOWN_MAX).map((line) => `  ${line}`);
  return [`Open at the broker: ${counts.join(', ')}${alarm}`, ...lines, ...more];
}

function externalLine({ symbol, account_id: account, quantity }: ExternalPosition): string {
  return `${symbol} EXTERNAL in ${account}: ${quantity} shares, not managed`;
}

function lineOf(trade: OpenTradeView, nowMs: number): string {
  const { held_quantity: held, symbol, state, trade_id: id, stop_price: stop } = trade;
  const name = `${symbol} ${id.slice(0, 8)} ${state}`;
  if (held === '0') return `${name}: nothing is held`;
  if (trade.is_protected) return `${name}: ${held} shares, protected by the stop at ${stop}`;
  const since = trade.unprotected_since;
  const howLong = since === null ? '' : ` for ${span(nowMs - Date.parse(since))}`;
  return `${name}: ${held} shares WITHOUT enough armed stops${howLong}`;
}
