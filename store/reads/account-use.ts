/** Accounts as they stand: what their trades take of the limits, and what lets nothing be opened on them. */
import { readLimits } from '../../contract/stored-limits.js';
import { brokerDayStart } from '../../domain/calendar.js';
import type { DecimalText } from '../../domain/money.js';
import { resolveLimits, type RiskLimits } from '../../domain/risk/limits.js';
import type { InstallationState } from '../../domain/risk/context.js';
import { standingOf } from '../../domain/risk/standing.js';
import type { Mode } from '../../domain/risk/modes.js';
import type { NamedReservation, Used } from '../../domain/risk/used.js';
import { usedOf } from '../../domain/risk/used.js';
import { approvedSince, ordersSince } from '../account-counts.js';
import { dayResultOf, newestDay, type DayFacts } from '../day-facts.js';
import { Prisma, type Database } from '../database.js';
import { ACCOUNT_PAUSED, LOSS_REACHED } from '../switches.js';

const MINUTE_MS = 60_000;

export interface AccountUsed {
  /** The broker's id. */
  readonly account: string;
  readonly currency: string;
  readonly used: readonly Used[];
}

interface UseRow {
  readonly account: string;
  readonly currency: string;
  readonly settings: unknown;
  readonly equity: DecimalText | null;
  readonly day: DayFacts | null;
  readonly reservations: readonly NamedReservation[];
  readonly strategies: Readonly<Record<string, unknown>>;
  readonly tradesToday: number;
  readonly ordersLastMinute: number;
}

/**
 * What is taken of each limit, for each account of the user.
 * @param limits the installation's; those of accounts and strategies are laid over them
 */
export async function listUsed(
  db: Database,
  userId: string,
  limits: Partial<RiskLimits>,
  nowMs: number,
): Promise<AccountUsed[]> {
  const dayStart = new Date(brokerDayStart(nowMs));
  const minuteAgo = new Date(nowMs - MINUTE_MS);
  const rows = await db.$queryRaw<UseRow[]>`
    SELECT a.broker_account_id AS account, a.base_currency AS currency, a.settings,
           trim_scale(a.net_liquidation)::text AS equity, ${newestDay(nowMs)} AS day,
           ${RESERVATIONS} AS reservations, ${STRATEGIES} AS strategies,
           ${approvedSince(dayStart)}::int AS "tradesToday",
           ${ordersSince(minuteAgo)}::int AS "ordersLastMinute"
      FROM accounts a WHERE a.user_id = ${userId}::uuid ORDER BY a.broker_account_id`;
  return rows.map((row) => usedBy(row, limits, nowMs));
}

const RESERVATIONS = Prisma.sql`(SELECT coalesce(jsonb_agg(jsonb_build_object(
    'tradeId', r.trade_id, 'strategyId', r.strategy_id, 'strategyName', s.name,
    'symbol', r.symbol, 'side', r.side, 'phase', r.phase, 'cash', trim_scale(r.cash)::text,
    'exposure', trim_scale(r.exposure)::text, 'openRisk', trim_scale(r.open_risk)::text,
    'sector', r.sector) ORDER BY r.symbol, s.name), '[]'::jsonb)
  FROM reservations r JOIN strategies s ON s.id = r.strategy_id
 WHERE r.account_id = a.id AND r.phase <> 'RELEASED')`;

const STRATEGIES = Prisma.sql`(SELECT coalesce(jsonb_object_agg(s.name, s.settings), '{}'::jsonb)
  FROM strategies s WHERE s.account_id = a.id)`;

function usedBy(row: UseRow, installation: Partial<RiskLimits>, nowMs: number): AccountUsed {
  const { account, currency, equity, reservations, tradesToday, ordersLastMinute } = row;
  const ofAccount = readLimits(row.settings, account).limits;
  const limitsOf = (strategy: string) =>
    resolveLimits(
      installation,
      ofAccount,
      readLimits(row.strategies[strategy] ?? {}, strategy).limits,
    );
  const used = usedOf({
    ...{ equity, reservations, tradesToday, ordersLastMinute, limitsOf },
    day: dayResultOf(row.day, nowMs),
    limits: resolveLimits(installation, ofAccount),
  });
  return { account, currency, used };
}

interface StandingRow {
  readonly account: string;
  readonly installationMode: Mode;
  readonly accountMode: Mode;
  readonly accountPaused: boolean;
  readonly dailyLossReached: boolean;
  readonly port: number;
  readonly broker: string;
  readonly isPaper: boolean;
  readonly reported: readonly string[] | null;
  readonly isLinked: boolean;
}

/**
 * The codes that any entry on each account would be denied with now, by the broker's ids of the accounts.
 * @param own the process's own switches
 */
export async function standings(
  db: Database,
  userId: string,
  own: Omit<InstallationState, 'mode'>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await db.$queryRaw<StandingRow[]>`
    SELECT a.broker_account_id AS account, a.mode AS "accountMode", c.port,
           a.broker, a.is_paper AS "isPaper",
           coalesce((SELECT mode FROM installation LIMIT 1), 'ACTIVE') AS "installationMode",
           ${ACCOUNT_PAUSED} AS "accountPaused", ${LOSS_REACHED} AS "dailyLossReached",
           c.health->'accounts' AS reported,
           c.ready AND coalesce(c.lease_until > clock_timestamp(), false)
             AND NOT (c.parked_reason IS NOT NULL
               AND coalesce(c.parked_until > clock_timestamp(), true)) AS "isLinked"
      FROM accounts a JOIN connections c ON c.id = a.connection_id
     WHERE a.user_id = ${userId}::uuid`;
  return new Map(rows.map((row) => [row.account, codesOf(row, own)]));
}

function codesOf(row: StandingRow, own: Omit<InstallationState, 'mode'>): readonly string[] {
  const { account, port, broker, isPaper, isLinked, reported, ...switches } = row;
  const { tradingEnabled, haltFile, readOnly, allowLive, authorizedAccounts } = own;
  return standingOf({
    ...{ isLinked, isReadOnly: readOnly, switches: { ...switches, tradingEnabled, haltFile } },
    guard: {
      ...{ account, port, allowLive, authorizedAccounts },
      reportedAccounts: reported ?? [],
      // IBKR says of no account what it is: its id, and the port, do.
      ...(broker !== 'ibkr' && { paperAccounts: isPaper ? [account] : [] }),
    },
  });
}
