/** What holds back an entry, as the database has it (RSK-5). */
import type { Switches } from '../domain/risk/modes.js';
import { CAUSE_TEXT } from './causes.js';
import { Prisma, type Database, type Transaction } from './database.js';

export type StoredSwitches = Omit<Switches, 'tradingEnabled' | 'haltFile'>;

/** What else may have changed since an entry was planned. */
export interface EntryFacts extends StoredSwitches {
  /** Why no entry may be sent in the symbol; null when one may. */
  readonly quarantinedBy: string | null;
  /** Limits of account and strategy, to be laid over the installation's in this order. */
  /** The settings of its account and its strategy, as they are stored. */
  readonly limits: readonly unknown[];
}

/** Reads modes, pauses and the latched loss of a trade's installation, account and strategy. */
export async function readSwitches(
  tx: Transaction | Database,
  tradeId: string,
): Promise<StoredSwitches> {
  const rows = await tx.$queryRaw<{ facts: StoredSwitches }[]>`
    SELECT jsonb_build_object(${SWITCHES}) AS facts ${OF_TRADE} WHERE t.id = ${tradeId}::uuid`;
  return rows[0]!.facts;
}

const OF_TRADE = Prisma.sql`
      FROM trades t JOIN strategies s ON s.id = t.strategy_id JOIN accounts a ON a.id = t.account_id`;

/**
 * A pause `p` that holds now. By the clock of this moment, not that of the transaction's beginning: a pause
 * that was made since would seem to begin later.
 */
const IN_FORCE = Prisma.sql`p.lifted_at IS NULL AND p.starts_at <= clock_timestamp()
    AND (p.ends_at IS NULL OR p.ends_at > clock_timestamp())`;

/**
 * A pause `p` that concerns account `a`, whoever trades on it and whoever it was made for; one that names no account
 * concerns all of its user's (of trade `t`).
 */
export const OF_ACCOUNT = Prisma.sql`(p.account_id = a.id OR p.account_id IS NULL AND p.user_id = t.user_id)`;

/** A pause of the whole account `a`. */
export const ACCOUNT_PAUSED = Prisma.sql`EXISTS (SELECT 1 FROM pauses p WHERE p.account_id = a.id
    AND p.strategy_id IS NULL AND p.symbol IS NULL AND ${IN_FORCE})`;

/** A pause of the strategy `s`, or of the symbol or side of trade `t` in it. */
export const STRATEGY_PAUSED = Prisma.sql`EXISTS (SELECT 1 FROM pauses p WHERE p.strategy_id = s.id
    AND (p.symbol IS NULL OR p.symbol = t.symbol) AND (p.side IS NULL OR p.side = t.side)
    AND ${IN_FORCE})`;

/** The loss of the day of account `a` has reached its limit, and the next day has not begun (RSK-8). */
export const LOSS_REACHED = Prisma.sql`EXISTS (SELECT 1 FROM account_days d
    WHERE d.account_id = a.id AND d.loss_until > clock_timestamp())`;

const SWITCHES = Prisma.sql`
    'installationMode', (SELECT mode FROM installation LIMIT 1),
    'accountMode', a.mode, 'strategyMode', s.mode,
    'accountPaused', ${ACCOUNT_PAUSED}, 'strategyPaused', ${STRATEGY_PAUSED},
    'dailyLossReached', ${LOSS_REACHED}`;

/** As a plan judges it (planning/context.ts): a pause of the symbol, or an order of unknown fate in it. */
const QUARANTINED_BY = Prisma.sql`coalesce(
    (SELECT ${CAUSE_TEXT} FROM pauses p WHERE ${OF_ACCOUNT} AND p.symbol = t.symbol
        AND p.strategy_id IS NULL AND ${IN_FORCE} LIMIT 1),
    (SELECT 'an order of unknown fate' FROM orders o JOIN trades u ON u.id = o.trade_id
      WHERE o.account_id = a.id AND o.status = 'UNKNOWN' AND u.symbol = t.symbol
        AND u.id <> t.id LIMIT 1))`;

/** All that is asked right before an entry's send, beside a book (`loadBookWith`). */
export const ENTRY_FACTS = Prisma.sql`(SELECT jsonb_build_object(${SWITCHES},
    'quarantinedBy', ${QUARANTINED_BY}, 'limits', jsonb_build_array(a.settings, s.settings))
   FROM strategies s WHERE s.id = t.strategy_id)`;

/** Where no switch in the database lets an entry's remainder go, the file does. */
export const BY_HALT_FILE = 'halted by the halt file';

/** Why an entry of trade `t` may not rest, for people: null by the halt file alone. Beside a book (`loadBookWith`). */
export const ENTRY_STOPPED_BY = Prisma.sql`(SELECT to_jsonb(CASE
      WHEN i.mode <> 'ACTIVE' THEN 'the installation is ' || i.mode
      WHEN a.mode <> 'ACTIVE' THEN 'account ' || a.broker_account_id || ' is ' || a.mode
      WHEN s.mode <> 'ACTIVE' THEN 'strategy ' || s.name || ' is ' || s.mode
      WHEN ${ACCOUNT_PAUSED} THEN 'account ' || a.broker_account_id || ' is paused: ' || coalesce(
        (SELECT p.reason FROM pauses p WHERE p.account_id = a.id AND p.strategy_id IS NULL
            AND p.symbol IS NULL AND ${IN_FORCE} ORDER BY p.starts_at DESC LIMIT 1), '')
      WHEN ${STRATEGY_PAUSED} THEN 'strategy ' || s.name || ' is paused: ' || coalesce(
        (SELECT p.reason FROM pauses p WHERE p.strategy_id = s.id AND ${IN_FORCE}
            AND (p.symbol IS NULL OR p.symbol = t.symbol) AND (p.side IS NULL OR p.side = t.side)
          ORDER BY p.starts_at DESC LIMIT 1), '')
      WHEN ${LOSS_REACHED} THEN 'the loss of the day of account ' || a.broker_account_id
        || ' has reached its limit' END)
   FROM strategies s LEFT JOIN installation i ON true WHERE s.id = t.strategy_id)`;
