/** What requests are made of. */
import { z } from 'zod';
import { unstorable } from '../contract/storable.js';

const NAME = /^[A-Za-z0-9._-]{1,64}$/;

/** A name that people give: of a strategy, an account, a signal. */
export const name = z
  .string()
  .regex(NAME, { error: 'expected 1 to 64 characters of A-Z a-z 0-9 . _ -' });

export const symbol = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9 ./-]{0,19}$/, {
  error: 'expected a symbol, at most 20 characters',
});

export const instant = z.iso
  .datetime({ offset: true, error: 'expected an ISO 8601 instant with a zone' })
  .refine((value) => !Number.isNaN(Date.parse(value)), { error: 'is no instant' })
  .transform((value) => new Date(value).toISOString());

/** Long enough to say why. */
const REASON_LENGTH_MAX = 500;

/** A line for the record. */
export const reason = z
  .string()
  .min(1)
  .max(REASON_LENGTH_MAX)
  .refine((value) => unstorable(value).found.length === 0, { error: 'can not be stored' });

/** The id of a trade in an address. */
export const tradeParams = z.object({ id: z.uuid() });

/** The header by which a repeated request is known again. */
export const idempotencyHeaders = z.looseObject({
  'idempotency-key': name
    .optional()
    .meta({ description: 'The same key for the same trade is the same command, once.' }),
});

/** The key that a request came with. */
export function keyOf(headers: Readonly<Record<string, unknown>>): string | undefined {
  const key = headers['idempotency-key'];
  return typeof key === 'string' ? key : undefined;
}
