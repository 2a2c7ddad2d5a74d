/** The HTTP API's main file. Trades go on without it. */
import { tokenSecret } from '../app/token-secret.js';
import { openShared } from '../app/users.js';
import { loadConfig } from '../config/index.js';
import { createLogger } from '../config/logger.js';
import { traceProcess } from '../telemetry/tracing.js';
import { announceReady, runProcess } from '../worker/process.js';
import { createServer } from './server.js';

/** Requests that ask the database at one instant; more wait for milliseconds. */
const POOL_SIZE = 10;
/** Longer than a plan holds an account's lock; what takes longer hangs. */
const ANSWER_TIMEOUT_MS = 15_000;

const config = loadConfig();
const log = createLogger('api', config.logLevel);

await runProcess(log, async ({ signal }) => {
  const tracing = await traceProcess('ballast-api', config, log);
  // With an identity provider alone no other tokens are taken.
  const isForeignOnly = config.jwtSecret === undefined && config.jwtJwksUrl !== undefined;
  const own = isForeignOnly ? config : { ...config, jwtSecret: tokenSecret(config) };
  const shared = openShared(own, { poolSize: POOL_SIZE, answerTimeoutMs: ANSWER_TIMEOUT_MS });
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
  await tracing.stop();
});
