/** Deposits and withdrawals: the broker's socket tells none, so a person does (RSK-8). */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  listMovements,
  NOTE_CHARACTERS_MAX,
  REFERENCE_CHARACTERS_MAX,
  tellMovement,
  type MovementAnswer,
} from '../../app/cash.js';
import { positiveField } from '../../contract/signal.js';
import { idempotencyHeaders, instant, keyOf, name } from '../fields.js';
import { listAnswer, newestQuery } from '../page.js';
import { Problem } from '../problems.js';
import { addEndpoint } from '../route.js';
import { accountDay, movement } from '../schemas/account.js';

const body = z.strictObject({
  account_id: name,
  kind: z.enum(['deposit', 'withdrawal']),
  amount: positiveField.meta({ description: "Above zero, in the account's base currency." }),
  at: instant.optional().meta({
    description: "When the account's values had it first; without it now.",
  }),
  reference: z
    .string()
    .regex(/^[\x21-\x7e]+$/, { error: 'expected characters without blanks' })
    .max(REFERENCE_CHARACTERS_MAX)
    .optional()
    .meta({ description: 'The same one again is the same movement; made of it where none is.' }),
  note: z.string().max(NOTE_CHARACTERS_MAX).optional(),
});

const told = z
  .object({
    movement,
    day: accountDay,
    is_new: z.boolean().meta({ description: 'False: it stood already.' }),
    counts: z.boolean().meta({ description: "It is taken out of that day's result." }),
  })
  .meta({ id: 'CashMovementTold' });

/** Adds them. */
export function addCash(server: FastifyInstance): void {
  addEndpoint(server, {
    ...{ method: 'GET', url: '/api/v1/cash-movements', id: 'listCashMovements', tag: 'account' },
    ...{ scope: 'read' },
    summary: 'Deposits, withdrawals and what statements told of cash, newest first',
    query: z.strictObject({ ...newestQuery, account_id: name.optional() }),
    answers: listAnswer(movement, 'The newest.'),
    handle: async ({ app, query: { limit, account_id: of = null } }) => ({
      items: await listMovements(app, { account: of, limit }),
    }),
  });
  addEndpoint(server, {
    ...{ method: 'POST', url: '/api/v1/cash-movements', id: 'tellCashMovement', tag: 'account' },
    ...{ scope: 'admin', summary: 'Tell of a deposit or a withdrawal, as "ballast account" does' },
    description:
      'So that it is no gain or loss of the day. `Idempotency-Key` may stand for `reference`.',
    body,
    headers: idempotencyHeaders,
    answers: {
      200: { description: 'It stood already.', schema: told },
      201: { description: 'Recorded.', schema: told },
    },
    problems: ['NOT_FOUND', 'REFUSED'],
    handle: async ({ app, body: given, headers, reply }) => {
      const { account_id: account, kind, amount, at = null, note = null } = given;
      const reference = given.reference ?? keyOf(headers) ?? null;
      const wanted = { kind, amount, at, reference, note };
      const answer = await tellMovement(app, account, wanted).catch(refuseRange);
      if (answer === null) throw new Problem('NOT_FOUND', `there is no account ${account}`);
      if (answer.kind === 'differs') throw differs(answer);
      const isNew = answer.kind === 'recorded';
      void reply.code(isNew ? 201 : 200);
      const { movement: stands, day, counts } = answer;
      return { movement: stands, day, is_new: isNew, counts };
    },
  });
}

/** @throws Problem for what can't be used; any other error as it is */
function refuseRange(error: unknown): never {
  if (error instanceof RangeError) throw new Problem('INVALID_REQUEST', error.message);
  throw error;
}

function differs({ fields, movement: { reference } }: MovementAnswer): Problem {
  const errors = fields.map((path) => ({ path, message: 'differs from the first' }));
  const detail = `${reference} stands already with another ${fields.join(' and ')}: give this one a reference of its own`;
  return new Problem('REFUSED', detail, { errors });
}
