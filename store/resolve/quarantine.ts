/** Resolving a quarantine: a person has cleared what was unexplained in a symbol. */
import { CannotResolveError, type Prepare } from './prepared.js';

export interface QuarantineResolution {
  readonly symbol: string;
}

/** Prepares the release of every quarantine of the symbol. */
export function resolveQuarantine({ symbol }: QuarantineResolution): Prepare {
  const name = symbol.toUpperCase();
  return async (tx, { userId, actor, nowMs }) => {
    const rows = await tx.pause.findMany({
      where: { userId, symbol: name, kind: 'quarantine', liftedAt: null },
      orderBy: { startsAt: 'asc' },
    });
    if (rows.length === 0) throw new CannotResolveError(`${name} is not in quarantine`);
    const unknown = await tx.order.count({
      where: { userId, status: 'UNKNOWN', trade: { symbol: name } },
    });
    const ids = rows.map(({ id }) => id);
    return {
      subject: `quarantine of ${name}`,
      does: [`entries in ${name} are allowed again`],
      evidence: [
        ...rows.map(({ reason, startsAt }) => `since ${startsAt.toISOString()}: ${reason}`),
        ...(unknown > 0 ? [`${unknown} orders of ${name} are still of unknown fate`] : []),
      ],
      basis: { ids, unknown },
      apply: async () => {
        const data = { liftedAt: new Date(nowMs), liftedBy: actor };
        await tx.pause.updateMany({ where: { id: { in: ids } }, data });
        return null;
      },
    };
  };
}
