/** Settings: where the other parts are, and how to get in. */
import { MESSAGES_PER_SECOND } from '../domain/broker/pace.js';
import { PAYLOAD_KEYS_PATTERN } from '../contract/payload-keys.js';
import { JOB_NAMES } from '../domain/schedules/jobs.js';
import { choice, count, flag, list, optionalText, port, text } from './fields.js';

/** The port of IB Gateway's paper login; live is 4001, TWS 7497 and 7496. */
const IB_GATEWAY_PAPER_PORT = 4002;

/** Client ids are 32-bit numbers for the gateway. */
const CLIENT_ID_MAX = 2_147_483_647;

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

export const databaseSettings = {
  DATABASE_URL: optionalText(
    {
      description: 'The PostgreSQL database that holds intents, history and the ledger.',
      reason: '`npm start` runs an embedded PostgreSQL and sets it when it is unset.',
    },
    {
      pattern: /^postgres(ql)?:\/\//,
      allowed: 'postgresql://user:password@host:port/database',
      secret: true,
    },
  ),
};

export const temporalSettings = {
  TEMPORAL_ADDRESS: text(
    '127.0.0.1:7233',
    {
      description: "Host and port of the Temporal server's frontend.",
      reason: 'The port every Temporal server listens on unless told otherwise.',
    },
    { pattern: /^[^\s/]+:\d+$/, allowed: 'host:port' },
  ),
  TEMPORAL_NAMESPACE: text('default', {
    description: 'The Temporal namespace of all workflows.',
    reason: 'The one that a development server makes by itself.',
  }),
  TEMPORAL_UI_URL: optionalText(
    {
      description: 'Where the Temporal UI is, for links from a trade to its workflow.',
      reason: '`npm start` sets it to that of its own server; unset: no links are shown.',
    },
    {
      pattern: /^https?:\/\/[^\s?#]+$/,
      allowed: 'an address that begins with https:// or http://',
    },
  ),
  TEMPORAL_API_KEY: optionalText(
    { description: 'API key for Temporal Cloud.', reason: 'Set: TLS is used as well.' },
    { secret: true, allowed: 'the key' },
  ),
  TEMPORAL_TLS: flag(false, {
    description: 'Speak TLS to the Temporal server.',
    reason: 'A local server speaks plain text.',
  }),
  TEMPORAL_TLS_SERVER_NAME: optionalText({
    description: "The name the server's certificate is checked against.",
    reason: 'Needed when the address differs from the name, as behind a private link.',
  }),
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: optionalText({
    description: 'PEM file of the authority that signed the server certificate.',
    reason: "Unset: the system's authorities.",
  }),
  TEMPORAL_TLS_CLIENT_CERT_PATH: optionalText({
    description: 'PEM file of the client certificate.',
    reason: 'For namespaces that authenticate by certificate.',
  }),
  TEMPORAL_TLS_CLIENT_KEY_PATH: optionalText({
    description: "PEM file of the client certificate's key.",
    reason: 'Goes with the certificate.',
  }),
  TEMPORAL_PAYLOAD_KEYS: optionalText(
    {
      description:
        'Keys that encrypt what the Temporal server stores of trades (docs/encryption.md): the first encrypts, all decrypt.',
      reason:
        'Unset: nothing is encrypted. `ballast codec key` makes one; the same keys are set for every process.',
    },
    {
      pattern: PAYLOAD_KEYS_PATTERN,
      allowed: 'name=key, several with commas between; a key is 32 bytes in base64url',
      secret: true,
    },
  ),
  TASK_QUEUE_PREFIX: text(
    '',
    {
      description: 'Put before the name of each task queue.',
      reason: 'Keeps installations apart that share one namespace.',
    },
    { pattern: /^[A-Za-z0-9._-]*$/, allowed: 'letters, digits, dot, dash and underscore' },
  ),
};

export const brokerSettings = {
  IBKR_HOST: text('127.0.0.1', {
    description: 'Host of TWS or IB Gateway.',
    reason: '`npm start` runs its own paper gateway unless this is set.',
  }),
  IBKR_PORT: port(IB_GATEWAY_PAPER_PORT, {
    description: 'Port of the API of TWS or IB Gateway.',
    reason: "IB Gateway's paper port: live is never the default.",
  }),
  IBKR_CLIENT_ID: count(
    17,
    { min: 1, max: CLIENT_ID_MAX, unit: 'id' },
    {
      description: 'The one client id of the broker worker; orders belong to it.',
      reason:
        'Fixed, because a second connection with it is refused, which keeps a paused worker out; ' +
        'not 0, which would adopt orders placed by hand.',
    },
  ),
  IBKR_ACCOUNT: optionalText(
    {
      description: 'The account to trade when the login has several.',
      reason: 'Unset: the only account of the login.',
    },
    { pattern: /^[A-Z]{1,3}\d+$/, allowed: 'an account code such as DU1234567' },
  ),
  IBKR_AUTHORIZED_ACCOUNTS: list({
    description: 'Live accounts that may be traded; paper accounts need no entry.',
    reason: 'Empty: no live account, whatever else is set.',
  }),
  ALLOW_LIVE: flag(false, {
    description: 'Lets a live account trade that is also in IBKR_AUTHORIZED_ACCOUNTS.',
    reason: 'Real money takes two deliberate settings.',
  }),
  PARK_ENTRIES: flag(true, {
    description:
      "Parks entries around the broker's nightly reset (23:40 to 00:45 in New York), in which nothing is proven " +
      'absent either, and while its weekly login is waited for; protection and closes always go.',
    reason:
      'What is sent then may vanish without a trace. `npm start` turns it off for its own paper ' +
      'gateway, which knows no nights.',
  }),
  MAX_MESSAGES_PER_SECOND: count(
    MESSAGES_PER_SECOND.max,
    { ...MESSAGES_PER_SECOND, unit: 'messages/s' },
    {
      description: 'Messages sent to the broker at the most, in any second.',
      reason: "The broker's limit; beyond it the connection is warned, then cut.",
    },
  ),
};

export const processSettings = {
  BALLAST_STATE_DIR: text('.ballast', {
    description: 'Folder of the embedded servers, the logs and the halt file.',
    reason: 'Relative to the checkout, so that several checkouts stay apart.',
  }),
  BALLAST_CACHE_DIR: optionalText({
    description: 'Folder of downloaded servers and port claims, shared by all checkouts.',
    reason: 'Unset: ballast below XDG_CACHE_HOME or ~/.cache.',
  }),
  BALLAST_RESTART: flag(true, {
    description: 'Whether `npm start` starts a child again that has died.',
    reason: 'Off, one can watch what the rest does without it.',
  }),
  RESTART_DELAY_MS: count(
    1_000,
    { min: 0, max: 60_000, unit: 'ms' },
    {
      description: 'Pause before a dead child is started again; doubled by each further death.',
      reason: 'Long enough for the broker to notice that the old connection is gone.',
    },
  ),
  SCHEDULES_ENABLED: flag(true, {
    description: 'Whether the jobs of the day run by the clock (docs/schedules.md).',
    reason:
      'Off, their schedules are taken away; nobody begins a day or sweeps before midnight then.',
  }),
  SCHEDULES_OFF: list({
    description: `Jobs that do not run: of ${JOB_NAMES.join(', ')}.`,
    reason:
      'For one that somebody else does; to leave one out for a while, pause it in the Temporal UI.',
  }),
  KEEP_CALLBACKS_DAYS: count(
    0,
    { min: 0, max: 36_500, unit: 'days' },
    {
      description:
        "How long the broker's callbacks are kept once their trade is settled; 0 keeps them for ever.",
      reason:
        'Raw evidence, read by nobody but people. What they made true (orders, executions, timeline) stays.',
    },
  ),
  LOG_LEVEL: choice(LOG_LEVELS, 'info', {
    description: 'The least serious log lines that are written.',
    reason: 'One line for each step of a trade.',
  }),
  BALLAST_ALIVE_FILE: optionalText({
    description:
      'A file that a process writes anew every five seconds: the sign of life for the health check of its container.',
    reason: 'Unset: none is written. Each process needs its own; the image sets it.',
  }),
  BALLAST_FAILPOINTS: optionalText({
    description: 'Folder of orders for the failpoints of both workers (docs/failpoints.md).',
    reason:
      'Unset: failpoints are dead. For tests on a paper account; refused with ALLOW_LIVE=true ' +
      'and with an account that is not a paper one.',
  }),
};
