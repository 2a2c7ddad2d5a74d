/** The HTTP API's main file. Trades go on without it. */
import { openShared } from '../app/users.js';
import { ConfigError, loadConfig } from '../config/index.js';
import { createLogger } from '../config/logger.js';
import { announceReady, runProcess } from '../worker/process.js';
import { createServer } from './server.js';

/** Requests that ask the database at one instant; more wait for milliseconds. */
const POOL_SIZE = 10;
/** Longer than a plan holds an account's lock; what takes longer hangs. */
const ANSWER_TIMEOUT_MS = 15_000;

const NO_KEY =
  'JWT_SECRET is not set, nor is JWT_JWKS_URL: no token could be judged. "npm start" makes a secret; ' +
  'else set one of at least 32 characters, or JWT_SECRET_FILE';

const config = loadConfig();
const log = createLogger('api', config.logLevel);

await runProcess(log, async ({ signal }) => {
  if (config.jwtSecret === undefined && config.jwtJwksUrl === undefined) {
    throw new ConfigError([NO_KEY]);
  }
  const shared = openShared(config, { poolSize: POOL_SIZE, answerTimeoutMs: ANSWER_TIMEOUT_MS });
  const server = await createServer({ shared, log, env: process.env });
  const { apiHost: host, apiPort: port } = config;
  const address = await server.listen({ host, port });
  announceReady({ address });
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await server.close();
  await shared.close();
});
