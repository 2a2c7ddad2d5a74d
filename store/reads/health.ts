/** What the workers last said of themselves: connections with their leases, and accounts. */
import type { AccountView, ConnectionView } from '../../contract/views.js';
import type { Database, Prisma } from '../database.js';
import { standBysOf, type StandBy } from '../stand-bys.js';
import { instant, optionalText, snakeJson } from './shape.js';

type ConnectionRow = Prisma.ConnectionGetPayload<object>;

/** Connections by host and port. The lease is judged by the database's own clock. */
export async function listConnections(db: Database, userId: string): Promise<ConnectionView[]> {
  const [{ now } = { now: new Date(0) }] = await db.$queryRaw<{ now: Date }[]>`SELECT now() AS now`;
  const rows = await db.connection.findMany({
    where: { userId },
    orderBy: [{ host: 'asc' }, { port: 'asc' }, { clientId: 'asc' }],
  });
  return Promise.all(
    rows.map(async (row) => connectionView(row, now, await standBysOf(db, row.id))),
  );
}

function connectionView(
  row: ConnectionRow,
  now: Date,
  standBys: readonly StandBy[],
): ConnectionView {
  const leased = row.leaseUntil !== null && row.leaseUntil > now;
  // A link that was ready when its worker vanished is down since its lease ran out.
  const downSince = row.ready && !leased ? row.leaseUntil : row.downSince;
  return {
    id: row.id,
    host: row.host,
    port: row.port,
    client_id: row.clientId,
    lease_holder: leased ? row.leaseHolder : null,
    lease_epoch: Number(row.leaseEpoch),
    lease_left_ms: leased ? row.leaseUntil!.getTime() - now.getTime() : null,
    stand_bys: standBys.map(({ holder }) => holder),
    generation: Number(row.generation),
    is_ready: leased && row.ready,
    down_since: instant(downSince),
    parked_reason: row.parkedReason,
    parked_until: instant(row.parkedUntil),
    picture_at: instant(row.pictureAt),
    age_ms: Math.max(0, now.getTime() - row.updatedAt.getTime()),
    last_message_at: instant(row.lastMessageAt),
    clock_skew_ms: row.clockSkewMs,
    health: snakeJson(row.health),
  };
}

/** Accounts as the broker reported them, with their newest values. */
export async function listAccounts(db: Database, userId: string): Promise<AccountView[]> {
  const rows = await db.account.findMany({
    where: { userId },
    orderBy: { brokerAccountId: 'asc' },
  });
  return rows.map((row) => ({
    account_id: row.brokerAccountId,
    broker: row.broker,
    connection_id: row.connectionId,
    is_paper: row.isPaper,
    mode: row.mode,
    base_currency: row.baseCurrency,
    net_liquidation: optionalText(row.netLiquidation),
    available_funds: optionalText(row.availableFunds),
    buying_power: optionalText(row.buyingPower),
    values_at: instant(row.valuesAt),
  }));
}

/** How a link to the broker is, without a word of whose or where it is. */
export interface LinkState {
  readonly isReady: boolean;
  /** A worker holds its lease. */
  readonly isHeld: boolean;
  /** Null while it is ready. */
  readonly downSince: string | null;
}

/** The links of all users that accounts are reached by; before any account is known, all there are. */
export async function linkStates(db: Database): Promise<LinkState[]> {
  const rows = await db.$queryRaw<{ held: boolean; ready: boolean; down_since: Date | null }[]>`
    SELECT coalesce(c.lease_until > now(), false) AS held, c.ready,
           CASE WHEN c.ready THEN c.lease_until ELSE c.down_since END AS down_since
      FROM connections c
     WHERE EXISTS (SELECT FROM accounts a WHERE a.connection_id = c.id)
        OR NOT EXISTS (SELECT FROM accounts)`;
  return rows.map(({ held, ready, down_since: downSince }) => {
    const isReady = held && ready;
    return { isReady, isHeld: held, downSince: isReady ? null : instant(downSince) };
  });
}
