/** What stands between us and a Temporal server, in words a person can act on. */
import type { Config } from '../../config/index.js';
import { wrong, type Check, type Remedy } from './check.js';
import { probeTls, type Probed, type ProbeSettings } from './tls-probe.js';

/** Of gRPC's status codes. */
const NOT_FOUND = 5;
const PERMISSION_DENIED = 7;
const UNAUTHENTICATED = 16;

/** All that was said, the innermost last: the driver wraps what the socket told. */
function wordsOf(error: unknown): string {
  const parts: string[] = [];
  for (let at: unknown = error; at instanceof Error; at = at.cause) parts.push(at.message);
  return parts.join(' | ');
}

function statusOf(error: unknown): number | null {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code } = at as { code?: unknown };
    if (typeof code === 'number') return code;
  }
  return null;
}

/** Of a PEM file: it is not there, or holds something else. */
const PEM = /ENOENT|EACCES|EISDIR|PEM|no start line|asn1/i;

/** The line for a server that can't be asked. */
export async function temporalTrouble(
  error: unknown,
  config: Config,
  start: Remedy,
): Promise<Check> {
  const words = wordsOf(error);
  const place = config.temporalAddress;
  const refused = refusedCheck(statusOf(error), config);
  if (refused !== null) return refused;
  if (PEM.test(words) && usesFiles(config)) {
    const file = /open '([^']+)'/.exec(words)?.[1];
    const why = file === undefined ? 'a PEM file can not be used' : `${file} can not be read`;
    const remedy =
      'check TEMPORAL_TLS_SERVER_CA_CERT_PATH, …_CLIENT_CERT_PATH and …_CLIENT_KEY_PATH';
    return wrong('Temporal', why, remedy);
  }
  const settings = probeSettings(config);
  const below = await probeTls(settings);
  // The driver asks whoever refuses it again until its time is over, and tells the time alone.
  if (below === 'unclear' && settings.isTls) return nobodyLetIn(config);
  const [why, remedy] = BELOW[below] ?? [];
  if (why !== undefined && remedy !== undefined)
    return wrong('Temporal', `${place} ${why}`, remedy);
  const found = `no server answers at ${place}`;
  return wrong('Temporal', found, `${start('temporal')}, or set TEMPORAL_ADDRESS`);
}

/** What is wrong below the protocol, and how it is mended. */
const BELOW: Partial<Record<Probed, readonly [why: string, remedy: string]>> = {
  'no-tls': [
    'answers, and speaks no TLS',
    'unset TEMPORAL_TLS (and TEMPORAL_API_KEY), or name the port that speaks TLS',
  ],
  'needs-tls': ['hangs up on plain text: it speaks TLS', 'set TEMPORAL_TLS=true'],
  untrusted: [
    'has a certificate that is not trusted here',
    'name its authority with TEMPORAL_TLS_SERVER_CA_CERT_PATH, its name with TEMPORAL_TLS_SERVER_NAME',
  ],
};

function probeSettings(config: Config): ProbeSettings {
  const { temporalAddress: address, temporalTls, temporalApiKey, ...rest } = config;
  const colon = address.lastIndexOf(':');
  return {
    host: address.slice(0, colon).replace(/^\[|\]$/g, ''),
    port: Number(address.slice(colon + 1)),
    isTls: temporalTls || temporalApiKey !== undefined || usesFiles(config),
    serverName: rest.temporalTlsServerName,
    caPath: rest.temporalTlsServerCaCertPath,
  };
}

const usesFiles = (config: Config) =>
  [
    config.temporalTlsServerCaCertPath,
    config.temporalTlsClientCertPath,
    config.temporalTlsClientKeyPath,
  ].some((path) => path !== undefined);

/** Who is asked answers, and says no; null: it does not say so. */
function refusedCheck(status: number | null, config: Config): Check | null {
  const { temporalAddress: place, temporalNamespace: namespace } = config;
  if (status === UNAUTHENTICATED || status === PERMISSION_DENIED) return nobodyLetIn(config);
  if (status === NOT_FOUND) {
    const remedy = `set TEMPORAL_NAMESPACE, or make it: temporal operator namespace create --namespace ${namespace}`;
    return wrong('Temporal', `${place} has no namespace ${namespace}`, remedy);
  }
  return null;
}

function nobodyLetIn(config: Config): Check {
  const { temporalAddress: place, temporalNamespace: namespace, temporalApiKey: key } = config;
  const has = key === undefined ? 'without an API key' : 'with this TEMPORAL_API_KEY';
  const remedy =
    'set a TEMPORAL_API_KEY (or a client certificate) that is valid, and of an account that may use the namespace; check that TEMPORAL_ADDRESS names a Temporal server';
  return wrong('Temporal', `${place} lets nobody in ${has}, namespace ${namespace}`, remedy);
}
