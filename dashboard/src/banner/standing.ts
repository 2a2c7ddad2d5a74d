/**
 * Is my money protected? What the page may say of it, by what it knows and how old that is. What nobody can see now is
 * never told as if somebody saw it: it is "last known at".
 */
import type { AccountDay, Connection, Exposure, Now, OpenTrade } from '../api/types.js';
import { total } from '../format/numbers.js';

/** A look comes every two seconds: what is older was not read in time. */
export const STALE_AFTER_MS = 7_000;
/** The broker worker says something of itself every second or so. */
const WORKER_SILENT_MS = 8_000;

export type Answer = 'protected' | 'flat' | 'unprotected' | 'unknown';

export interface Blind {
  /** What does not answer: for people. */
  readonly what: string;
  /** What is shown was known then; ISO 8601. */
  readonly knownAt: string;
  /** What that means, and what to do. */
  readonly means: string;
}

export interface Standing {
  readonly answer: Answer;
  /** Positions with shares in them that a trade holds. */
  readonly held: number;
  /** Of them: exactly what is held is covered by armed stops at the broker. */
  readonly armed: number;
  readonly unarmed: readonly OpenTrade[];
  /** Held in the account, and looked after by no trade: shares of others, and those that a trade left behind. */
  readonly external: number;
  /** Null while what is shown is of now. */
  readonly blind: Blind | null;
}

/** What the page has, and since when. */
export interface Seen {
  readonly now: Now;
  /** When the look began that gave it, by the page's clock. */
  readonly seenAtMs: number;
  readonly nowMs: number;
  /** Why the newest look came to nothing; null: it did not. */
  readonly error: string | null;
}

/** Of one account, or of all with null. */
export function standingOf(seen: Seen, account: string | null): Standing {
  const { now } = seen;
  const isIts = isOfAccount(account);
  const holding = now.open.filter((trade) => isIts(trade) && trade.held_quantity !== '0');
  const unarmed = holding.filter(({ is_protected: isProtected }) => !isProtected);
  const external = now.positions.filter(
    (position) => isIts(position) && position.trades.length === 0,
  );
  const blind = blindness(seen, account);
  const answer = ((): Answer => {
    if (unarmed.length > 0) return 'unprotected';
    if (blind !== null) return 'unknown';
    return holding.length === 0 ? 'flat' : 'protected';
  })();
  const [held, armed] = [holding.length, holding.length - unarmed.length];
  return { answer, held, armed, unarmed, external: external.length, blind };
}

/**
 * When what is shown of a trade's protection was last known; null: it is of now.
 * @param seen what stands now, for the link of the trade's own account
 * @param read when the trade was read, by the page's clock, and whether a later look came to nothing
 */
export function protectionKnownAt(
  seen: Seen | null,
  accountId: string,
  read: { readonly atMs: number; readonly hasFailed: boolean },
): string | null {
  const blind = seen === null ? null : standingOf(seen, accountId).blind;
  if (blind !== null) return blind.knownAt;
  return seen === null || read.hasFailed ? new Date(read.atMs).toISOString() : null;
}

function blindness(seen: Seen, account: string | null): Blind | null {
  const { now, seenAtMs, nowMs, error } = seen;
  if (
    nowMs - seenAtMs > STALE_AFTER_MS ||
    (error !== null && nowMs - seenAtMs > STALE_AFTER_MS / 2)
  ) {
    const knownAt = now.at;
    return {
      what: error ?? 'no answer comes from Ballast',
      knownAt,
      means: 'Stops at the broker work without Ballast. This page asks again every second.',
    };
  }
  const link = connectionsOf(now, account).find((each) => !isSeeing(each));
  return link === undefined ? null : blindLink(link, now.at);
}

/** Whether what the database has of the broker is of now. */
export function isSeeing({ is_ready: isReady, age_ms: ageMs }: Connection): boolean {
  return isReady && ageMs < WORKER_SILENT_MS;
}

function blindLink(link: Connection, at: string): Blind {
  const isHeld = link.lease_holder !== null && link.age_ms < WORKER_SILENT_MS;
  const spokeAt = new Date(Date.parse(at) - link.age_ms).toISOString();
  const knownAt = link.last_message_at ?? link.down_since ?? spokeAt;
  const means = isHeld
    ? 'Stops at the broker work without Ballast. It re-connects by itself, and compares everything then.'
    : 'Stops at the broker work without Ballast. Nobody repairs them until a broker worker runs again; “npx ballast doctor” says why none does.';
  const what = isHeld ? 'the link to the broker is down' : 'no broker worker runs';
  return { what, knownAt, means };
}

/** Those that the account, or any, trades by. */
export function connectionsOf(now: Now, account: string | null): Connection[] {
  const ids = now.accounts.filter(isOfAccount(account)).map(({ connection_id: id }) => id);
  return now.connections.filter(({ id }) => ids.includes(id));
}

/** A filter for what belongs to an account; null lets all through. */
export function isOfAccount(account: string | null) {
  return ({ account_id: id }: { readonly account_id: string }) =>
    account === null || id === account;
}

/** The day of the accounts together; null where one is not known, or they are of several currencies. */
export function dayOf(days: readonly AccountDay[]): { result: string | null; currency: string } {
  const [first] = days;
  const isOne = days.every(({ currency }) => currency === first?.currency);
  const result = isOne ? total(days.map((day) => day.result)) : null;
  return { result, currency: first?.currency ?? '' };
}

/** What may be lost if all stops are hit, beside what is allowed; null where that is not known. */
export function openRisk(exposures: readonly Exposure[]): Exposure | null {
  const found = exposures.filter(({ limit }) => limit === 'MAX_OPEN_RISK_PCT');
  // Of several accounts that which has least room left.
  const byShare = [...found].sort((a, b) => Number(b.share ?? 0) - Number(a.share ?? 0));
  return byShare[0] ?? null;
}

/** What holds entries back, the hardest first. */
export function modeOf(now: Now, account: string | null): { mode: string; why: string | null } {
  if (now.halted_by.length > 0) return { mode: 'HALTED', why: now.halted_by[0] ?? null };
  const about = now.modes.filter(
    ({ kind, name }) =>
      kind === 'installation' || (kind === 'account' && (account === null || name === account)),
  );
  const worst = ['HALTED', 'REDUCING'].find((mode) => about.some((each) => each.mode === mode));
  if (worst === undefined) return { mode: 'ACTIVE', why: null };
  const of = about.find((each) => each.mode === worst);
  return { mode: worst, why: of?.name ? `account ${of.name}` : 'the installation' };
}
