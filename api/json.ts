/** Bodies: JSON that says what its value says, for of two sides, or of a number that lost digits, nobody knows what was meant. */
import type { FastifyInstance } from 'fastify';
import { decodeUtf8, NotUtf8Error, readJsonText, type JsonRead } from '../contract/json-text.js';
import { Problem } from './problems.js';

export const JSON_TYPE = 'application/json';

/** Makes a server read JSON, and nothing else. */
export function readJsonOnly(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(JSON_TYPE, { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, parseBody(body as Buffer));
    } catch (error) {
      done(error as Error, undefined);
    }
  });
}

/** @throws Problem that says what is wrong with it */
function parseBody(bytes: Buffer): unknown {
  // Blanks alone are no JSON: somebody meant to say something.
  if (bytes.length === 0) return undefined;
  const { value, flaws } = readBody(bytes);
  // It would be taken for a body that did not come.
  if (value === null)
    throw new Problem('INVALID_REQUEST', 'the body is null: leave it out instead');
  if (flaws.length === 0) return value;
  const errors = flaws.map(({ path, message }) => ({ path: path || 'body', message }));
  const told = errors.map(({ path, message }) => `${path}: ${message}`);
  throw new Problem('INVALID_JSON', told.join('; '), { errors });
}

function readBody(bytes: Buffer): JsonRead {
  try {
    return readJsonText(decodeUtf8(bytes));
  } catch (error) {
    throw new Problem('INVALID_JSON', whyNot(error as Error));
  }
}

/** In words of our own: those of the parser repeat the body. */
function whyNot(error: Error): string {
  if (error instanceof RangeError) return `the body is ${error.message}`;
  return error instanceof NotUtf8Error ? 'the body is no UTF-8' : 'the body is no JSON';
}
