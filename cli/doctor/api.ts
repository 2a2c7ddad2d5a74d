/** Checks of the HTTP API: whether it is there, takes this installation's tokens, and opens what is encrypted. */
import type { Config } from '../../config/index.js';
import { codecPath, payloadCodecOf } from '../../app/payload-codec.js';
import {
  note,
  ok,
  reasonOf,
  skipped,
  wrong,
  type Check,
  type Remedy,
} from '../../app/doctor/check.js';
import { localUrl } from '../../contract/login.js';
import { mint } from '../commands/token.js';
import { askApi } from './ask-api.js';
import { providerCheck } from './identity-provider.js';

const NAME = 'HTTP API';
/** Of the token that tries the API; it is thrown away. */
const TOKEN_MS = 60_000;
const PLAIN = { metadata: { encoding: 'anNvbi9wbGFpbg==' }, data: 'ImRvY3RvciI=' };

/** What listens where, to whom, and what it says to a token that is made here. */
export async function apiChecks(config: Config, start: Remedy): Promise<Check[]> {
  const known = [...exposureChecks(config), ...(await providerCheck(config))];
  const url = localUrl(config.apiHost, config.apiPort);
  const health = await askApi(`${url}/health`);
  if (typeof health === 'string') {
    const remedy = `${start('api')}, or set API_HOST and API_PORT to where it is`;
    return [wrong(NAME, `no answer at ${url}: ${health}`, remedy), ...known];
  }
  if (!Array.isArray(health.body?.['parts'])) {
    const remedy = `${start('api')} with an API_PORT that is free, or end what has this port (ss -ltnp)`;
    return [wrong(NAME, `something else answers at ${url}: the port is taken`, remedy), ...known];
  }
  return [
    ok(NAME, `answers at ${url}`),
    ...known,
    ...(await tokenChecks(config, url)),
    ...(await codecChecks(config, url)),
  ];
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

/** It speaks plain HTTP: whoever reads along has the token. */
function exposureChecks({ apiHost }: Config): Check[] {
  if (LOOPBACK.test(apiHost)) return [];
  const remedy =
    'unset API_HOST where no proxy needs it, and let that proxy alone speak TLS to others';
  return [
    note(NAME, `it listens beyond this machine (API_HOST=${apiHost}), in plain text`, remedy),
  ];
}

async function tokenChecks(config: Config, url: string): Promise<Check[]> {
  const name = 'API tokens';
  if (config.jwtSecret === undefined && config.jwtJwksUrl !== undefined) {
    return [skipped(name, "the identity provider's alone are taken: JWT_SECRET is not set")];
  }
  let token: string;
  try {
    token = await mint(config, 'owner', ['read'], new Date(Date.now() + TOKEN_MS));
  } catch (error) {
    const remedy = 'give this account the state folder (chown), or set JWT_SECRET';
    return [wrong(name, `no token can be made here: ${reasonOf(error)}`, remedy)];
  }
  const answer = await askApi(`${url}/api/v1/modes`, { token });
  if (typeof answer === 'string') return [wrong(name, `no answer: ${answer}`, 'see its log')];
  if (answer.status === 401) {
    const remedy =
      'give both the same JWT_SECRET (or the same state folder), JWT_ISSUER and JWT_AUDIENCE; the clocks must agree';
    const why = answer.body?.['detail'];
    return [wrong(name, `one that is made here is not taken: ${String(why)}`, remedy)];
  }
  if (answer.status >= 500) return [note(name, `not judged now (${answer.status})`, 'see above')];
  return [ok(name, 'one that is made here is taken'), await mcpCheck(url, token)];
}

const INITIALIZE = {
  ...{ jsonrpc: '2.0', id: 1, method: 'initialize' },
  params: {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'ballast doctor', version: '1' },
  },
};

/** An assistant's host asks under the name that stands in its settings. */
async function mcpCheck(url: string, token: string): Promise<Check> {
  const name = 'MCP';
  const answer = await askApi(`${url}/mcp`, { method: 'POST', token, body: INITIALIZE });
  if (typeof answer !== 'string' && answer.status === 200) return ok(name, `answers at ${url}/mcp`);
  const why = typeof answer === 'string' ? answer : `it answers ${answer.status}`;
  const remedy = 'see the log of the API; MCP_HOSTS has the names that a proxy passes on';
  return wrong(name, `${url}/mcp can not be used: ${why}`, remedy);
}

/** The endpoint that the Temporal UI asks must have the keys of this shell, and no others. */
async function codecChecks(config: Config, url: string): Promise<Check[]> {
  const name = 'codec endpoint';
  const same =
    'give every process the same TEMPORAL_PAYLOAD_KEYS and JWT_SECRET, and start them again';
  try {
    const address = `${url}${codecPath(config)}/decode`;
    const codec = await payloadCodecOf(config);
    if (codec === null) return await undeclaredCheck(address);
    const payloads = await codec.encode([PLAIN]);
    const answer = await askApi(address, { method: 'POST', body: { payloads } });
    if (typeof answer === 'string') return [wrong(name, `no answer: ${answer}`, 'see its log')];
    if (answer.status === 200) return [ok(name, 'opens what is sealed here')];
    const detail = answer.body?.['detail'];
    const why =
      answer.status === 404 ? 'the API has no keys, or another JWT_SECRET' : String(detail);
    return [wrong(name, `it does not open what is sealed here: ${why}`, same)];
  } catch (error) {
    return [wrong(name, reasonOf(error), same)];
  }
}

/** Without keys here: the API may have some. */
async function undeclaredCheck(address: string): Promise<Check[]> {
  const answer = await askApi(address, { method: 'OPTIONS' });
  if (typeof answer === 'string' || answer.status !== 204) return [];
  const found = 'the API encrypts, and TEMPORAL_PAYLOAD_KEYS is not set here';
  return [wrong('codec endpoint', found, 'set the same keys here: what is sealed can not be read')];
}
