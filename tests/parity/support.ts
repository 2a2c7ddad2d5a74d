/** What the cases share: trades of their own, and the record that each way in leaves. */
import { randomUUID } from 'node:crypto';
import { isProtected } from '../support/at-rest.js';
import type { Entered, Said, Surface, Wanted } from './surface.js';
import type { Ways } from './stack.js';

/** All prices are 100 where none is named. */
export async function priced(ways: Ways, symbol: string, price = 100): Promise<void> {
  const set = () => ways.stack.gateway.control('/prices', { [symbol]: price });
  // A connection that was kept open may have been closed meanwhile; a price that is set twice is the same.
  await set().catch(set);
}

/** A market entry that passes every check. */
export const sound = (symbol: string, change: Partial<Wanted> = {}): Wanted => ({
  ...{ symbol, side: 'BUY', order_type: 'MKT', quantity: '10' },
  ...{ stop_loss: '95', take_profit: '110', ...change },
});

/** A limit that rests far below the market. */
export const resting = (symbol: string): Wanted =>
  sound(symbol, { order_type: 'LMT', entry_price: '90', stop_loss: '85', take_profit: '100' });

/** Asks each at once. @returns what each says, in their order */
export function eachOf<S extends Surface, T>(
  surfaces: readonly S[],
  ask: (surface: S, index: number) => Promise<T>,
): Promise<T[]> {
  return Promise.all(surfaces.map(ask));
}

/** What they say is the same, but for ids of their own. @returns it */
export function same<T extends Partial<Said>>(said: readonly T[]): T {
  const [first, ...others] = said.map(plain);
  for (const other of others) {
    if (JSON.stringify(other) !== JSON.stringify(first)) {
      throw new Error(`they differ: ${JSON.stringify([first, ...others], null, 1)}`);
    }
  }
  return first!;
}

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
/** A surface's own word of what to do next stands behind what happened. */
const NEXT = /(: "ballast [a-z]+".*| or the HTTP API.*)$/;

function plain<T extends Partial<Said>>(said: T): T {
  const reason = said.reason?.replace(UUID, 'ID').replace(NEXT, '') ?? null;
  const ids = { tradeId: said.tradeId ? 'ID' : null, previewId: said.previewId ? 'ID' : null };
  return { ...said, ...ids, reason };
}

/** One entry of the audit log, without what must differ: who, when, which. */
export interface Recorded {
  readonly by: string;
  readonly action: string;
  readonly subject: string;
  readonly body: unknown;
}

/** What was recorded while that was done, oldest first. */
export async function recorded(
  { stack }: Ways,
  work: () => Promise<unknown>,
): Promise<readonly Recorded[]> {
  const newest = await stack.db.auditEntry.findFirst({ orderBy: { id: 'desc' } });
  await work();
  const rows = await stack.db.auditEntry.findMany({
    where: { id: { gt: newest?.id ?? 0n } },
    orderBy: { id: 'asc' },
  });
  return rows.map(({ actor, action, subject, body }) => ({
    ...{ by: actor.split(':')[0]!, action, subject: leveled(subject) },
    body: JSON.parse(leveled(JSON.stringify(body))) as unknown,
  }));
}

/** Without ids and instants, and without the names of strategies that are called after a surface. */
function leveled(text: string): string {
  return text.replace(UUID, 'ID').replace(INSTANT, 'NOW').replace(OF_SURFACE, '-SURFACE');
}

const INSTANT = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;
const OF_SURFACE = /-(cli|http|mcp)\b/g;

/** The entries without who made them. */
export function withoutActor(entries: readonly Recorded[]): Omit<Recorded, 'by'>[] {
  return entries.map(({ by: _by, ...rest }) => rest);
}

/** Held and protected, of a strategy of its own. */
export async function opened({ stack }: Ways, symbol: string, name: string): Promise<Entered> {
  const { tradeId } = await stack.submit({
    ...{ id: `${name}-${randomUUID().slice(0, 8)}`, strategy_id: name },
    ...sound(symbol),
  });
  const trade = await stack.waitFor(tradeId, isProtected);
  return { tradeId, orderId: trade.orders.find(({ role }) => role === 'ENTRY')!.id };
}

/** An entry that rests at the broker. */
export async function entering({ stack }: Ways, symbol: string, name: string): Promise<Entered> {
  const { tradeId } = await stack.submit({
    ...{ id: `${name}-${randomUUID().slice(0, 8)}`, strategy_id: name },
    ...resting(symbol),
  });
  return atBroker({ stack }, tradeId);
}

/** Waits until an entry rests there. */
export async function atBroker({ stack }: Pick<Ways, 'stack'>, tradeId: string): Promise<Entered> {
  const trade = await stack.waitFor(tradeId, ({ state }) => state === 'ENTERING');
  return { tradeId, orderId: trade.orders.find(({ role }) => role === 'ENTRY')!.id };
}
