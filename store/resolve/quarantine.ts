/** Resolving a quarantine: a person has cleared what was unexplained in a symbol. */
import { isSplitReason } from '../../domain/trade/corporate-action.js';
import { countedFromNow } from '../../domain/trade/unarmed.js';
import { changeBook } from '../book/change.js';
import { causesOf, type Cause } from '../causes.js';
import { textFromRow, type Transaction } from '../database.js';
import { comparedLast, stillStandsText } from './compared-last.js';
import { CannotResolveError, type Prepare, type Resolved, type Resolver } from './prepared.js';
import { stopsThatStand } from './stops-stand.js';

export interface QuarantineResolution {
  readonly symbol: string;
  /** What a person reads as the market's price, where stops were held back and no live quote is known here. */
  readonly marketPrice?: string | null;
}

/** Prepares the release of every quarantine of the symbol, by all their causes and what is held outside of trades. */
export function resolveQuarantine({ symbol, marketPrice }: QuarantineResolution): Prepare {
  const name = symbol.toUpperCase();
  return async (tx, { userId, actor, nowMs }) => {
    const rows = await lockQuarantines(tx, userId, name);
    if (rows.length === 0) throw new CannotResolveError(`${name} is not in quarantine`);
    const unknown = await tx.order.count({
      where: { userId, status: 'UNKNOWN', trade: { symbol: name } },
    });
    const outside = await heldOutside(tx, userId, name);
    const { standing } = await comparedLast(tx, userId, { symbol: name });
    const seen = rows.flatMap(({ evidence }) => evidence);
    const causes = rows.map(causesOf);
    const ids = rows.map(({ id }) => id);
    const held = rows.filter(({ reason }) => isSplitReason(reason));
    const accountIds = held.flatMap(({ accountId }) => accountId ?? []);
    const stops = await stopsThatStand(tx, accountIds, name, marketPrice ?? null, nowMs);
    return {
      subject: `quarantine of ${name}`,
      does: [
        `entries in ${name} are allowed again`,
        ...(held.length > 0 ? [AS_BEFORE, ...stops.map(({ told }) => told)] : []),
        ...outside.map(
          ({ quantity }) => `the ${quantity} ${name} outside of any trade stays as it is`,
        ),
        ...standing.map((one) => stillStandsText(name, one, seen)),
      ],
      evidence: [
        ...causes.flatMap(causeLines),
        ...new Set(stops.map(({ market }) => market)),
        ...outside.map(
          ({ account, quantity }) => `${account} holds ${quantity} ${name} outside of any trade`,
        ),
        ...(unknown > 0 ? [`${unknown} orders of ${name} are still of unknown fate`] : []),
      ],
      basis: {
        ...{ ids, unknown, causes: causes.map((list) => list.at(-1)!.n), outside },
        stops: stops.map(({ told }) => told),
        standing: standing.map(({ account, found, books }) => [account, found.broker, books]),
      },
      apply: async () => {
        const data = { liftedAt: new Date(nowMs), liftedBy: actor };
        await tx.pause.updateMany({ where: { id: { in: ids } }, data });
        return repairedFromNow(tx, accountIds, name, { userId, actor, nowMs });
      },
    };
  };
}

const AS_BEFORE =
  'exits that it lacks are placed again at the trades\' own prices: where shares were split, say "ballast resolve split" instead';

/** What the quarantine held back is planned anew at once, and repaired before it is sold. */
async function repairedFromNow(
  tx: Transaction,
  accountIds: readonly string[],
  symbol: string,
  { nowMs }: Resolver,
): Promise<Resolved | null> {
  const events = [{ kind: 'released', summary: `the quarantine of ${symbol} is released` }];
  const trades = await tx.trade.findMany({
    where: { accountId: { in: [...accountIds] }, symbol, closedAt: null },
    orderBy: { id: 'asc' },
    select: { id: true },
  });
  const done: Resolved[] = [];
  for (const { id: tradeId } of trades) {
    const { snapshot } = await changeBook(tx, tradeId, nowMs, (book) => ({
      book: countedFromNow(book),
      events,
    }));
    done.push({ tradeId, snapshot });
  }
  const [first, ...also] = done;
  return first === undefined ? null : { ...first, also };
}

/** No cause comes to one of them until it is released. */
async function lockQuarantines(tx: Transaction, userId: string, symbol: string) {
  await tx.$executeRaw`SELECT 1 FROM pauses WHERE user_id = ${userId}::uuid AND symbol = ${symbol}
      AND kind = 'quarantine' AND lifted_at IS NULL ORDER BY starts_at, id FOR NO KEY UPDATE`;
  return tx.pause.findMany({
    where: { userId, symbol, kind: 'quarantine', liftedAt: null },
    orderBy: { startsAt: 'asc' },
  });
}

/** One line for each cause; between the first and the others it says how many are not kept. */
function causeLines(causes: readonly Cause[]): string[] {
  return causes.flatMap(({ n, at, reason }, place) => {
    const missing = n - 1 - (causes[place - 1]?.n ?? 0);
    const line = `since ${new Date(at).toISOString()}: ${reason}`;
    return missing > 0 ? [`${missing} more causes are not kept`, line] : [line];
  });
}

interface Outside {
  readonly account: string;
  /** Signed. */
  readonly quantity: string;
}

async function heldOutside(tx: Transaction, userId: string, symbol: string): Promise<Outside[]> {
  const rows = await tx.position.findMany({
    where: { userId, symbol, strategyId: null, quantity: { not: 0 } },
    include: { account: true },
    orderBy: [{ accountId: 'asc' }, { brokerContractId: 'asc' }],
  });
  return rows.map(({ account, quantity }) => ({
    account: account.brokerAccountId,
    quantity: textFromRow(quantity),
  }));
}
