/**
 * Flatten (RSK-5): all that a user's trades hold is sold, and nothing new is opened. Modes come first, so that no entry
 * follows what was read; then each open trade is given the command to end. Shares that no trade holds are nobody's
 * to sell here. Repeated, or given by two people at once, it asks for nothing more.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FlattenedTrade, FlattenView, OpenTradeView } from '../contract/views.js';
import { SWITCHES_MAX_AGE_MS, type Mode } from '../domain/risk/modes.js';
import { appendAudit } from '../store/audit.js';
import { recordEnd } from '../store/commands.js';
import { plainTransact } from '../store/transact.js';
import type { App } from './app.js';
import { taken, type Told } from './commands.js';
import { plainMessage } from './plain-message.js';
import { listOpen, listPositions } from './reads.js';
import { changeMode, modes } from './switches.js';

/** What would be sold, and what would not. */
export type FlattenProposal = Pick<FlattenView, 'accounts' | 'untouched'> & {
  readonly open: readonly OpenTradeView[];
};

export interface FlattenGiven {
  /** The broker's id of an account; null: all of the user's. */
  readonly account: string | null;
  /** The caller's idempotency key: with the same one each trade is given the same command. */
  readonly key: string;
}

export interface Flattened extends FlattenView {
  /** Resolves when the trades' workflows have been told, or could not be; it never fails. */
  readonly told: Promise<readonly Told[]>;
}

/** What a flatten would do now; it changes nothing. @returns null when the user has no such account */
export async function proposeFlatten(
  app: App,
  account: string | null,
): Promise<FlattenProposal | null> {
  const accounts = await accountsOf(app, account);
  if (accounts === null) return null;
  return { accounts, open: await openOf(app, account), untouched: await untouched(app, account) };
}

/**
 * Does it. A trade that could not be given the command keeps no other from it, and is named with why.
 * @returns null when the user has no such account
 */
export async function flatten(app: App, { account, key }: FlattenGiven): Promise<Flattened | null> {
  const before = await accountsOf(app, account);
  if (before === null) return null;
  const active = before.filter(({ mode }) => mode === 'ACTIVE');
  // One that can't be set keeps nobody else's trades from being sold: its mode is told as it is.
  await Promise.allSettled([
    ...active.map(({ account_id: name }) => changeMode(app, { kind: 'account', name }, TO)),
    // A mode that somebody else has just set must be as old before what is open is read.
    sleep(SWITCHES_MAX_AGE_MS + 1),
  ]);
  const ended = await endAll(app, await openOf(app, account), key);
  const trades = ended.map(({ trade }) => trade);
  // Each command stands in the log by itself: that this one does not must not read as if nothing were sold.
  await audit(app, { account, key }, trades).catch(() => undefined);
  const accounts = (await accountsOf(app, account).catch(() => null)) ?? before;
  const told = Promise.all(ended.flatMap(({ told: one }) => one ?? []));
  return { accounts, trades, untouched: await untouched(app, account), told };
}

/** HALTED holds back as much: it stays. */
const TO: Mode = 'REDUCING';

async function accountsOf(
  app: App,
  account: string | null,
): Promise<FlattenView['accounts'] | null> {
  const found = (await modes(app)).flatMap(({ kind, name, mode }) =>
    kind === 'account' && name !== null ? [{ account_id: name, mode }] : [],
  );
  if (account === null) return found;
  const named = found.filter(({ account_id: id }) => id === account);
  return named.length === 0 ? null : named;
}

/** What nothing protects comes first: each command takes its time. */
async function openOf(app: App, account: string | null): Promise<OpenTradeView[]> {
  const open = (await listOpen(app)).filter(isOf(account));
  return open.sort((a, b) => Number(a.is_protected) - Number(b.is_protected));
}

/** Shares that no trade holds. */
async function untouched(app: App, account: string | null): Promise<FlattenView['untouched']> {
  const external = (await listPositions(app)).filter(({ strategy_id: of }) => of === null);
  return external
    .filter(isOf(account))
    .map(({ account_id, symbol, quantity }) => ({ account_id, symbol, quantity }));
}

const isOf =
  (account: string | null) =>
  ({ account_id: of }: { readonly account_id: string }) =>
    account === null || of === account;

interface Ended {
  readonly trade: FlattenedTrade;
  readonly told: Promise<Told> | null;
}

/** So many at once: one whose row is held keeps the others waiting no longer than that. */
const AT_ONCE = 3;

async function endAll(app: App, open: readonly OpenTradeView[], key: string): Promise<Ended[]> {
  const left = [...open.entries()];
  const ended: Ended[] = [];
  const lane = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [index, trade] = next;
      ended[index] = await endOne(app, trade, key);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return ended;
}

async function endOne(app: App, open: OpenTradeView, key: string): Promise<Ended> {
  const { trade_id: tradeId, account_id, symbol, side, held_quantity } = open;
  const named = { trade_id: tradeId, account_id, symbol, side, held_quantity };
  try {
    const request = { tradeId, key: `flatten-${key}`, actor: app.actor };
    const outcome = await recordEnd(app.db, request, Date.now());
    const { reason } = outcome;
    if (outcome.verdict === 'refused') {
      return { trade: { ...named, outcome: 'refused', reason }, told: null };
    }
    const { told } = taken(app, tradeId, outcome);
    return { trade: { ...named, outcome: 'ending', reason }, told };
  } catch (error) {
    return { trade: { ...named, outcome: 'failed', reason: plainMessage(error) }, told: null };
  }
}

async function audit(
  { db, userId, actor }: App,
  { account, key }: FlattenGiven,
  trades: readonly FlattenedTrade[],
): Promise<void> {
  const count = (outcome: FlattenedTrade['outcome']) =>
    trades.filter((trade) => trade.outcome === outcome).length;
  const counts = { ending: count('ending'), refused: count('refused'), failed: count('failed') };
  const subject = account === null ? 'all accounts' : `account ${account}`;
  const entry = { userId, actor, action: 'flatten', subject, body: { key, ...counts } };
  await plainTransact(db, (tx) => appendAudit(tx, entry));
}
