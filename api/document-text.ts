/** The OpenAPI document as a file: what is checked in, and differs when an endpoint does. */
import { openShared } from '../app/users.js';
import { loadConfig } from '../config/index.js';
import { createLogger } from '../config/logger.js';
import { createServer } from './server.js';

/** Nothing is asked of it: the document needs the endpoints alone. */
const NOWHERE = {
  DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none',
  JWT_SECRET: 'x'.repeat(32),
};

/** @returns the document as JSON, ending in a line break */
export async function documentText(): Promise<string> {
  const shared = openShared(loadConfig(NOWHERE), { poolSize: 1, answerTimeoutMs: 1_000 });
  const server = await createServer({ shared, log: createLogger('api', 'fatal'), env: NOWHERE });
  await server.ready();
  const text = `${JSON.stringify(server.swagger(), null, 2)}\n`;
  await server.close();
  await shared.close();
  return text;
}
