/** Bodies: JSON in which no key stands twice, for of two sides, or two stops, nobody knows which was meant. */
import type { FastifyInstance } from 'fastify';
import { repeatedKeys } from '../contract/repeated-keys.js';
import { Problem } from './problems.js';

/** Makes a server read JSON, and nothing else. */
export function readJsonOnly(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, parseBody(String(body)));
    } catch (error) {
      done(error as Error, undefined);
    }
  });
}

/** @throws Problem that says what is wrong with it */
export function parseBody(text: string): unknown {
  // Blanks alone are no JSON: somebody meant to say something.
  if (text === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Problem('INVALID_JSON', 'the body is no JSON');
  }
  // It would be taken for a body that did not come.
  if (value === null)
    throw new Problem('INVALID_REQUEST', 'the body is null: leave it out instead');
  const repeated = repeatedIn(text);
  if (repeated.length === 0) return value;
  const errors = repeated.map((path) => ({ path, message: 'stands more than once in the body' }));
  throw new Problem('INVALID_JSON', `the body has ${repeated.join(', ')} more than once`, {
    errors,
  });
}

function repeatedIn(text: string): string[] {
  try {
    return repeatedKeys(text);
  } catch (error) {
    if (error instanceof RangeError) throw new Problem('INVALID_JSON', error.message);
    throw error;
  }
}
