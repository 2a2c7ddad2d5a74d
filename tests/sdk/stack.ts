/** The whole system with its HTTP API: gateway, workers and the API, each a process of its own. */
import { startStack, type StackOptions, type TestStack } from '../support/stack.js';
import { temporalAddress } from '../support/temporal.js';
import { token } from '../api/support.js';
import { apiProcess, type ApiProcess } from './api-process.js';

export interface StackWithApi {
  readonly stack: TestStack;
  readonly api: ApiProcess;
  /** What a program that trades needs to know, by the names that the examples use. */
  readonly env: Record<string, string>;
  stop(): Promise<void>;
}

/** Longer than any of these tests. */
const TOKEN_S = 3_600;

/** Starts all of it. */
export async function startStackWithApi(options: StackOptions = {}): Promise<StackWithApi> {
  const stack = await startStack(options);
  const api = await apiProcess({
    DATABASE_URL: stack.databaseUrl,
    TEMPORAL_ADDRESS: options.temporalAddress ?? (await temporalAddress()),
    TASK_QUEUE_PREFIX: stack.queuePrefix,
    API_REQUESTS_PER_MINUTE: '100000',
    ...options.env,
  });
  return {
    ...{ stack, api },
    env: {
      BALLAST_TOKEN: await token({ scopes: ['read', 'trade'], expiresInS: TOKEN_S }),
      BALLAST_URL: api.url,
      GATEWAY: `http://127.0.0.1:${stack.gateway.controlPort}`,
    },
    stop: async () => {
      await api.stop();
      await stack.stop();
    },
  };
}
