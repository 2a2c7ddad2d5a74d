/** What is open at the broker while nothing of this installation runs: told at the stop and at the start. */
import { openApp } from '../app/app.js';
import { listOpen, listPositions } from '../app/reads.js';
import { loadConfig } from '../config/index.js';
import { span } from '../contract/duration.js';
import type { OpenTradeView, PositionView } from '../contract/views.js';

/** A stop must not wait for a database that hangs. */
const READ_TIMEOUT_MS = 3_000;
/** More lines of what is as it should be help nobody; what is not protected is never left out. */
const PROTECTED_MAX = 20;

const HINT = '"ballast positions" shows what is held, with prices and results';

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

/**
 * One line for each open trade and external position: what nothing protects first, then what is external, then what
 * is not filled; of what is protected so many as fit a screen.
 */
export function openTradesText(
  open: readonly OpenTradeView[],
  nowMs: number,
  external: readonly ExternalPosition[] = [],
): string[] {
  if (open.length + external.length === 0) return [];
  const held = open.filter(({ held_quantity: quantity }) => quantity !== '0');
  const unfilled = open.filter(({ held_quantity: quantity }) => quantity === '0');
  const naked = held.filter(({ is_protected: isProtected }) => !isProtected);
  const covered = held.filter(({ is_protected: isProtected }) => isProtected);
  const counts = [
    ...(held.length > 0 ? [`${held.length} ${held.length === 1 ? 'position' : 'positions'}`] : []),
    ...(unfilled.length > 0 ? [`${unfilled.length} unfilled`] : []),
    ...(external.length > 0 ? [`${external.length} EXTERNAL`] : []),
  ];
  const alarm = naked.length > 0 ? `, ${naked.length} NOT PROTECTED` : '';
  const linesOf = (trades: readonly OpenTradeView[]) =>
    bySymbol(trades).map((trade) => lineOf(trade, nowMs));
  const left = covered.length - PROTECTED_MAX;
  const lines = [
    ...[...linesOf(naked), ...external.map(externalLine), ...linesOf(unfilled)],
    ...linesOf(covered).slice(0, PROTECTED_MAX),
    ...(left > 0 ? [`… and ${left} more, protected`] : []),
  ];
  const head = `Open at the broker: ${counts.join(', ')}${alarm}`;
  return [head, ...lines.map((line) => `  ${line}`), HINT];
}

/** Of one symbol the oldest first. */
function bySymbol(trades: readonly OpenTradeView[]): OpenTradeView[] {
  return [...trades].sort((a, b) => (a.symbol === b.symbol ? 0 : a.symbol < b.symbol ? -1 : 1));
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
