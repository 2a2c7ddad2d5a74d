/** The connection to Temporal, as every process opens it: addresses and secrets are settings. */
import { readFileSync } from 'node:fs';
import { Client, Connection, type ClientOptions, type ConnectionOptions } from '@temporalio/client';
import { parsePayloadKeys, type PayloadKey } from '../contract/payload-keys.js';
import { temporalTracing } from '../telemetry/temporal.js';
import { dataConverterOf } from './data-converter.js';

export interface TemporalSettings {
  /** None: payloads are stored as they are. */
  readonly payloadKeys?: readonly PayloadKey[];
  readonly address: string;
  readonly namespace: string;
  readonly apiKey?: string | undefined;
  readonly tls?: boolean | undefined;
  /** The name that the server's certificate is checked against, where the address differs from it. */
  readonly tlsServerName?: string | undefined;
  /** PEM files: the authority of the server's certificate, and this side's own. */
  readonly tlsServerCaCertPath?: string | undefined;
  readonly tlsClientCertPath?: string | undefined;
  readonly tlsClientKeyPath?: string | undefined;
}

/** The settings as the configuration names them. */
interface TemporalConfig {
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  readonly temporalApiKey?: string | undefined;
  readonly temporalTls: boolean;
  readonly temporalTlsServerName?: string | undefined;
  readonly temporalTlsServerCaCertPath?: string | undefined;
  readonly temporalTlsClientCertPath?: string | undefined;
  readonly temporalTlsClientKeyPath?: string | undefined;
  readonly temporalPayloadKeys?: string | undefined;
}

/** From the configuration to what is needed here. */
export function temporalSettings(config: TemporalConfig): TemporalSettings {
  return {
    address: config.temporalAddress,
    namespace: config.temporalNamespace,
    apiKey: config.temporalApiKey,
    tls: config.temporalTls,
    tlsServerName: config.temporalTlsServerName,
    tlsServerCaCertPath: config.temporalTlsServerCaCertPath,
    tlsClientCertPath: config.temporalTlsClientCertPath,
    tlsClientKeyPath: config.temporalTlsClientKeyPath,
    payloadKeys: parsePayloadKeys(config.temporalPayloadKeys),
  };
}

/** A server that doesn't answer within this is not there; the caller says what to do. */
const CONNECT_TIMEOUT_MS = 10_000;

/** Options that the client and the worker's native connection share. */
export function connectionOptions(settings: TemporalSettings): ConnectionOptions {
  return {
    address: settings.address,
    ...(settings.apiKey ? { apiKey: settings.apiKey } : {}),
    ...tlsOptions(settings),
  };
}

/** Plain text unless something asks for TLS. @throws Error naming a PEM file that can't be read */
function tlsOptions(settings: TemporalSettings): Pick<ConnectionOptions, 'tls'> {
  const { tlsServerName, tlsServerCaCertPath, tlsClientCertPath, tlsClientKeyPath } = settings;
  const certificates = {
    ...(tlsServerName ? { serverNameOverride: tlsServerName } : {}),
    ...(tlsServerCaCertPath ? { serverRootCACertificate: readFileSync(tlsServerCaCertPath) } : {}),
    ...(tlsClientCertPath && tlsClientKeyPath
      ? {
          clientCertPair: {
            crt: readFileSync(tlsClientCertPath),
            key: readFileSync(tlsClientKeyPath),
          },
        }
      : {}),
  };
  if (Object.keys(certificates).length > 0) return { tls: certificates };
  return settings.tls ? { tls: true } : {};
}

function clientOptions(
  settings: TemporalSettings,
): Pick<ClientOptions, 'namespace' | 'dataConverter' | 'interceptors'> {
  const dataConverter = dataConverterOf(settings.payloadKeys ?? []);
  return {
    namespace: settings.namespace,
    interceptors: { workflow: [...temporalTracing().client] },
    ...(dataConverter && { dataConverter }),
  };
}

/** A client that connects with its first call, and again after an outage: for who works without Temporal, too. */
export function temporalWhenNeeded(settings: TemporalSettings): Client {
  const connection = Connection.lazy({
    ...connectionOptions(settings),
    connectTimeout: CONNECT_TIMEOUT_MS,
  });
  return new Client({ connection, ...clientOptions(settings) });
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
    return new Client({ connection, ...clientOptions(settings) });
  } catch (error) {
    throw new Error(
      `no Temporal server answers at ${settings.address}: start it with "npm start", ` +
        `or set TEMPORAL_ADDRESS (${error instanceof Error ? error.message : String(error)})`,
      { cause: error },
    );
  }
}
