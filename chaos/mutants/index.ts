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
    edits: [
      {
        file: 'activities/look-up.ts',
        find: '    const { changed, lookAgainAtMs } = await lookOnce(deps, tradeId);',
        replace:
          '    const lookAgainAtMs = null;\n' +
          '    const nowMs = deps.nowMs();\n' +
          "    const changed = await changeTrade(deps.db, 'picture.commit', tradeId, nowMs, (book) =>\n" +
          '      absent(book, book.legs.map(({ legId, incarnations }) => ({ legId, n: incarnations.at(-1)!.n }))));',
      },
      {
        file: 'activities/look-up.ts',
        find: "import type { BrokerDeps } from './deps.js';",
        replace:
          "import { absent } from '../domain/trade/outcome.js';\nimport type { BrokerDeps } from './deps.js';",
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
        find: '  const { entry, exits } = bracket;',
        replace: `  const { entry } = bracket;\n  const exits: BracketToSend['exits'] = [];`,
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
        find: 'return workingQuantity(leg).eq(quantity);',
        replace: 'return workingQuantity(leg).gte(quantity);',
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
        find: 'if (world.split !== null && book.wishes.close === null) {',
        replace: "if (world.split === 'never') {",
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
