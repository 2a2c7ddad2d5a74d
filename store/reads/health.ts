/** What the workers last said of themselves: connections with their leases, and accounts. */
import type { AccountView, ConnectionView } from '../../contract/views.js';
import type { Database } from '../database.js';
import { instant, optionalText, snakeJson } from './shape.js';

/** Connections by host and port. The lease is judged by the database's own clock. */
export async function listConnections(db: Database, userId: string): Promise<ConnectionView[]> {
  const [{ now } = { now: new Date(0) }] = await db.$queryRaw<{ now: Date }[]>`SELECT now() AS now`;
  const rows = await db.connection.findMany({
    where: { userId },
    orderBy: [{ host: 'asc' }, { port: 'asc' }, { clientId: 'asc' }],
  });
  return rows.map((row) => {
    const leased = row.leaseUntil !== null && row.leaseUntil > now;
    return {
      id: row.id,
      host: row.host,
      port: row.port,
      client_id: row.clientId,
      lease_holder: leased ? row.leaseHolder : null,
      lease_epoch: Number(row.leaseEpoch),
      lease_left_ms: leased ? row.leaseUntil!.getTime() - now.getTime() : null,
      ...{ stand_bys: null, down_since: null, parked_reason: null },
      generation: Number(row.generation),
      is_ready: leased && row.ready,
      last_message_at: instant(row.lastMessageAt),
      clock_skew_ms: row.clockSkewMs,
      health: snakeJson(row.health),
    };
  });
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
