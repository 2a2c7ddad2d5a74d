/** Daily closes: written by the broker worker, read by plans whose trades may move together. */
import type { DailyClose } from '../contract/market.js';
import type { EpochMs, Instrument } from '../domain/vocabulary.js';
import { toJson, type Database } from './database.js';

/** Stores the closes of a contract, in the place of those before: a split changes all of them. */
export async function saveCloses(
  db: Database,
  connectionId: string,
  { symbol, brokerContractId }: Instrument,
  {
    closes,
    fetchedAtMs,
  }: { readonly closes: readonly DailyClose[]; readonly fetchedAtMs: EpochMs },
): Promise<void> {
  const key = { connectionId, brokerContractId: brokerContractId! };
  const data = { symbol, closes: toJson(closes), fetchedAt: new Date(fetchedAtMs) };
  await db.dailyCloses.upsert({
    where: { connectionId_brokerContractId: key },
    create: { ...key, ...data },
    update: data,
  });
}

/** When the closes of a contract were fetched; null when they never were. */
export async function closesFetchedAtMs(
  db: Database,
  connectionId: string,
  brokerContractId: number,
): Promise<EpochMs | null> {
  const row = await db.dailyCloses.findUnique({
    where: { connectionId_brokerContractId: { connectionId, brokerContractId } },
    select: { fetchedAt: true },
  });
  return row?.fetchedAt.getTime() ?? null;
}

/** The contracts of trades that keep something from others, as the broker resolved them; so many at the most. */
export async function reservedInstruments(
  db: Database,
  connectionId: string,
  most: number,
): Promise<Instrument[]> {
  const rows = await db.$queryRaw<{ instrument: Instrument }[]>`
    SELECT DISTINCT ON (t.instrument->>'brokerContractId') t.instrument
      FROM reservations r JOIN trades t ON t.id = r.trade_id JOIN accounts a ON a.id = r.account_id
     WHERE a.connection_id = ${connectionId}::uuid AND r.phase <> 'RELEASED'
       AND t.instrument ? 'brokerContractId'
     ORDER BY t.instrument->>'brokerContractId' LIMIT ${most}`;
  return rows.map(({ instrument }) => instrument);
}
