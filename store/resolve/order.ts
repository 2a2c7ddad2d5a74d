/** Resolving an order of unknown fate: a person declares it present or absent. */
import type { Leg } from '../../domain/trade/book.js';
import {
  declareAbsent,
  declarePresent,
  evidenceOf,
  misnamed,
  nameOf,
  shownAlive,
  undeclarable,
  unpictured,
  type Pictured,
} from '../../domain/trade/resolve.js';
import { changeBook } from '../book/change.js';
import type { BookKeys } from '../book/keys.js';
import type { Transaction } from '../database.js';
import { loadBook, lockTrade } from '../book/load.js';
import { CannotResolveError, type Prepare } from './prepared.js';

export interface OrderResolution {
  readonly tradeId: string;
  /** Its reference, or its role as people name it: `stop`, `stop 2`. */
  readonly order: string;
  /** The broker's durable id of an order that is present; null declares it absent. */
  readonly brokerOrderId: string | null;
  /** Absent by the person's word alone, where no picture of the broker is there to ask. */
  readonly withoutPicture?: boolean;
}

/** Prepares the declaration. */
export function resolveOrder(resolution: OrderResolution): Prepare {
  const { tradeId, order, brokerOrderId, withoutPicture = false } = resolution;
  return async (tx, { userId, actor, nowMs }) => {
    await lockTrade(tx, tradeId);
    const { book, keys } = await loadBook(tx, tradeId);
    if (keys.userId !== userId) throw new CannotResolveError(`there is no trade ${tradeId}`);
    const leg = legNamed(book.legs, order);
    const name = brokerOrderId === null ? null : misnamed(leg, brokerOrderId);
    const why = undeclarable(leg) ?? awaited(leg) ?? name;
    if (why !== null) throw new CannotResolveError(why);
    const { legId } = leg;
    const isAbsent = brokerOrderId === null;
    const pictured = isAbsent ? await picturedOf(tx, keys, leg, nowMs) : null;
    const seen = pictured === null ? NOTHING : absentBy(leg, pictured, withoutPicture);
    return {
      subject: `${nameOf(leg)} ${leg.clientOrderId} of trade ${tradeId}`,
      does: isAbsent
        ? [...doesWhenAbsent(leg), ...seen.does]
        : [
            `the ${nameOf(leg)} counts as working at the broker under permId ${brokerOrderId}, with the terms that were written`,
          ],
      evidence: [...evidenceOf(leg), ...seen.evidence],
      basis: { seq: keys.seq, legId, status: leg.status, writes: leg.incarnations },
      apply: async () => {
        const { snapshot, changed } = await changeBook(tx, tradeId, nowMs, (now) =>
          isAbsent
            ? declareAbsent(now, legId, actor)
            : declarePresent(now, legId, brokerOrderId, actor, nowMs),
        );
        if (!changed)
          throw new CannotResolveError('the evidence contradicts it: nothing was changed');
        return { tradeId, snapshot };
      },
    };
  };
}

interface Said {
  readonly does: readonly string[];
  readonly evidence: readonly string[];
}

const NOTHING: Said = { does: [], evidence: [] };

/** What the broker's lists say to it. @throws CannotResolveError while they show the order, or say nothing */
function absentBy(leg: Leg, pictured: Pictured, withoutPicture: boolean): Said {
  const shown = shownAlive(leg, pictured);
  if (shown !== null) throw new CannotResolveError(shown);
  const unseen = unpictured(leg, pictured);
  if (unseen === null) {
    const atMs = pictured.comparedMissingAtMs;
    const compared = atMs === null ? [] : [`a comparison found it missing at ${isoOf(atMs)}`];
    const picture = `the newest complete picture, of ${isoOf(pictured.atMs!)}, does not show it`;
    return { does: [], evidence: compared.length > 0 ? compared : [picture] };
  }
  if (!withoutPicture) {
    throw new CannotResolveError(
      `${unseen}: wait for one ("ballast doctor" says what keeps it), or say --without-picture if the broker's own page lacks the order`,
    );
  }
  return { does: ['no picture of the broker says so: you do'], evidence: [unseen] };
}

function isoOf(atMs: number): string {
  return new Date(atMs).toISOString();
}

/** The newest picture's time, and whether the newest comparison of the account missed the order. */
async function picturedOf(
  tx: Transaction,
  { accountId, connectionId }: BookKeys,
  { clientOrderId }: Leg,
  nowMs: number,
): Promise<Pictured> {
  const { pictureAt } = await tx.connection.findUniqueOrThrow({ where: { id: connectionId } });
  const compared = await tx.reconciliation.findFirst({
    where: { accountId, pictureAt: { not: null } },
    orderBy: { pictureAt: 'desc' },
    select: {
      pictureAt: true,
      findings: {
        where: { kind: 'order_missing', body: { path: ['subject'], equals: clientOrderId } },
        select: { id: true },
        take: 1,
      },
    },
  });
  const isMissing = compared !== null && compared.findings.length > 0;
  return {
    atMs: pictureAt?.getTime() ?? null,
    comparedMissingAtMs: isMissing ? compared.pictureAt!.getTime() : null,
    nowMs,
  };
}

/** In flight, its answer may come any moment: only when none came is its fate unknown. */
function awaited(leg: Leg): string | null {
  if (leg.status !== 'PENDING') return null;
  return `the answer to the ${nameOf(leg)} is still awaited: wait until its status is UNKNOWN, with the workers running`;
}

function doesWhenAbsent(leg: Leg): string[] {
  const name = nameOf(leg);
  if (leg.role === 'ENTRY') {
    return [
      `the ${name} and what was sent with it count as not at the broker`,
      'the trade may be planned and sent again: if the order is there after all, it is bought twice',
    ];
  }
  return [
    `the ${name} counts as not at the broker`,
    'what is held is protected anew: if the order is there after all, too much may be sold',
  ];
}

/** The order that people name so, by its role or its reference. @throws CannotResolveError */
export function legNamed(legs: readonly Leg[], name: string): Leg {
  const wanted = name.toLowerCase().replace('-', ' ');
  const found = legs.find((leg) => leg.clientOrderId === name || nameOf(leg) === wanted);
  if (found) return found;
  const known = legs.map(nameOf).join(', ');
  throw new CannotResolveError(`it has no order ${name}: ${known || 'it was never planned'}`);
}
