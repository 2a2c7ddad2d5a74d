/** The connection to Temporal, as every process opens it: addresses and secrets are settings. */
import { Client, Connection, type ConnectionOptions } from '@temporalio/client';

export interface TemporalSettings {
  readonly address: string;
  readonly namespace: string;
  readonly apiKey?: string | undefined;
  readonly tls?: boolean | undefined;
}

/** A server that doesn't answer within this is not there; the caller says what to do. */
const CONNECT_TIMEOUT_MS = 10_000;

/** Options that the client and the worker's native connection share. */
export function connectionOptions(settings: TemporalSettings): ConnectionOptions {
  return {
    address: settings.address,
    ...(settings.apiKey ? { apiKey: settings.apiKey } : {}),
    ...(settings.tls ? { tls: true } : {}),
  };
}

/**
 * Opens a client.
 * @throws Error naming the address when no Temporal server answers there in time.
 */
export async function openTemporal(
  settings: TemporalSettings,
  timeoutMs = CONNECT_TIMEOUT_MS,
): Promise<Client> {
  try {
    const connection = await Connection.connect({
      ...connectionOptions(settings),
      connectTimeout: timeoutMs,
    });
    return new Client({ connection, namespace: settings.namespace });
  } catch (error) {
    throw new Error(
      `no Temporal server answers at ${settings.address}: start it with "npm start", ` +
        `or set TEMPORAL_ADDRESS (${error instanceof Error ? error.message : String(error)})`,
      { cause: error },
    );
  }
}
