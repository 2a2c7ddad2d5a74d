/**
 * The mutants of PRF-2: each takes one promise out of the engine. When the engine's code moves, only
 * the edits of this table have to be pointed anew.
 */
import type { Edit, Mutant } from './mutant.js';

/** Sent again under the ids that it had, a live order would only be modified: the second line of defence. */
const FRESH_IDS: Edit = {
  file: 'domain/sending/ids.ts',
  find: '  return Math.max(...ids) === given.lastGivenId ? ids : null;',
  replace: '  return null;',
};

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'no-look-up',
    breaks: 'an entry without an answer is sent again without asking the broker for it',
    // Reading its lists at a sync is a look-up, too; and what may be there is cancelled by its ids first.
    edits: [
      {
        file: 'activities/entry.ts',
        find: '(now) => unanswered(now, overdueWrites(',
        replace: '(now) => absent(now, overdueWrites(',
      },
      {
        file: 'activities/entry.ts',
        find: "import { overdueWrites, unanswered } from '../domain/trade/outcome.js';",
        replace: "import { absent, overdueWrites } from '../domain/trade/outcome.js';",
      },
      {
        file: 'activities/entry.ts',
        find: "{ kind: 'unknown', snapshot };",
        replace: "{ kind: 'not_sent', reason: 'no answer', snapshot };",
      },
      {
        file: 'worker/broker/snapshot-keeper.ts',
        find: '    for (const fact of found.facts) inbox.accept(fact);',
        replace:
          '    for (const fact of found.facts.slice(found.facts.length)) inbox.accept(fact);',
      },
      {
        file: 'domain/trade/claim.ts',
        find: '    if (!ids.includes(end.sessionOrderId)) draft',
        replace: '    if (end.sessionOrderId < 0) draft',
      },
      FRESH_IDS,
    ],
    caughtBy: [{ case: 'P-lookup', kind: 'duplicate' }],
  },
  {
    name: 'stop-after-fill',
    breaks: 'the entry is sent alone; its exits follow once its fill is known',
    edits: [
      {
        file: 'broker/ibkr/encode.ts',
        find: '  return [encodeOrder(entry, { transmit: false, parentId: 0 }), ...children];',
        replace:
          '  return [encodeOrder(entry, { transmit: true, parentId: 0 }), ...children.slice(children.length)];',
      },
    ],
    caughtBy: [{ case: 'P-bracket', kind: 'unprotected' }],
  },
  {
    name: 'oca-type-1',
    breaks: 'the first fill of an exit, however small, cancels the others',
    edits: [
      {
        file: 'domain/trade/bracket.ts',
        find: 'const OCA_REDUCE_WITH_BLOCK = 2;',
        replace: 'const OCA_REDUCE_WITH_BLOCK = 1;',
      },
    ],
    caughtBy: [{ case: 'P-oca', kind: 'unprotected' }],
  },
  {
    name: 'no-upper-bound',
    breaks: 'exits must cover what is held, and may be larger',
    edits: [
      {
        file: 'domain/trade/situation.ts',
        find: 'return working.gte(coverable) && working.lte(there);',
        replace: 'return working.gte(coverable) && !there.isNeg();',
      },
    ],
    caughtBy: [{ case: 'P-bound', kind: 'excess' }],
  },
  {
    name: 'id-reuse',
    breaks: "at each connect the broker's next order id is believed, even when it has fallen",
    edits: [
      {
        file: 'worker/broker/session.ts',
        find: '    broker.learnOrders(await knownOrders(db, connectionId));',
        replace:
          '    const lastOrderId = (broker.state().nextValidId ?? 1) - 1;\n' +
          '    await db.connection.update({ where: { id: connectionId }, data: { lastOrderId } });\n' +
          '    broker.learnOrders(await knownOrders(db, connectionId));',
      },
    ],
    caughtBy: [{ case: 'P-rollback', kind: 'lost', subject: 'p-rollback-2' }],
  },
  {
    name: 'repair-across-split',
    breaks: 'exits that a split took away are placed again at the prices of before it',
    edits: [
      {
        file: 'domain/trade/needs.ts',
        find: 'return withMissing(book, world, hold ?? plan);',
        replace: 'return nowMs > 0 ? plan : withMissing(book, world, hold ?? plan);',
      },
    ],
    caughtBy: [{ case: 'P-split', kind: 'split' }],
  },
  {
    name: 'no-end-markers',
    breaks: 'a list that does not end is taken for all there is, and an entry not on it for absent',
    edits: [
      {
        file: 'broker/ibkr/listings.ts',
        find: 'setTimeout(() => running.end(false), timeoutMs)',
        replace: 'setTimeout(() => running.end(true), 500)',
      },
      FRESH_IDS,
    ],
    caughtBy: [{ case: 'P-end-markers', kind: 'duplicate' }],
  },
];
