/** What docker-compose.yml reads from `.env`: secrets that are made here, and which broker it is for. */
import { randomBytes } from 'node:crypto';

/** Letters and digits alone: they stand in addresses and in shells. */
const SECRET_BYTES = 24;

/** Each its own: whoever learns one of them has no other. */
const SECRETS = [
  ...['POSTGRES_PASSWORD', 'BALLAST_DB_PASSWORD', 'TEMPORAL_DB_PASSWORD'],
  ...['JWT_SECRET', 'GRAFANA_PASSWORD'],
];

/** VNC looks at eight characters and no more. */
const VNC_CHARACTERS = 8;

/**
 * @typedef {'paper' | 'ib' | 'ib-live'} Profile `paper`: the paper gateway; `ib`: IB Gateway with a paper login;
 *   `ib-live`: with a live one
 */

/** @type {Record<Profile, Record<string, string>>} */
const OF_PROFILE = {
  paper: {
    COMPOSE_PROJECT_NAME: 'ballast-paper',
    COMPOSE_PROFILES: 'paper',
    IBKR_HOST: 'paper-gateway',
    IBKR_PORT: '4002',
    // Nothing but the paper gateway is there to trade with, and it knows no nights.
    TRADING_ENABLED: 'true',
    PARK_ENTRIES: 'false',
  },
  ib: {
    COMPOSE_PROJECT_NAME: 'ballast-ib',
    COMPOSE_PROFILES: 'ib',
    IBKR_HOST: 'ib-gateway',
    IBKR_PORT: '4004',
    TRADING_MODE: 'paper',
    TRADING_ENABLED: 'false',
    TWS_USERID: '',
    TWS_PASSWORD: '',
  },
  'ib-live': {
    COMPOSE_PROJECT_NAME: 'ballast-ib-live',
    COMPOSE_PROFILES: 'ib',
    IBKR_HOST: 'ib-gateway',
    IBKR_PORT: '4003',
    TRADING_MODE: 'live',
    TRADING_ENABLED: 'false',
    ALLOW_LIVE: 'false',
    IBKR_AUTHORIZED_ACCOUNTS: '',
    TWS_USERID: '',
    TWS_PASSWORD: '',
  },
};

/** Mails go to the catcher that comes with it; a server of your own is written in its place. */
const MAIL = {
  SMTP_URL: 'smtp://mailpit:1025',
  // The catcher speaks no TLS; take this away when you name a server of your own.
  SMTP_PLAIN: 'true',
  NOTIFY_EMAIL_TO: 'trader@example.org',
  NOTIFY_EMAIL_FROM: 'ballast@example.org',
};

/** @param {string} word @returns {word is Profile} */
export function isProfile(word) {
  return Object.hasOwn(OF_PROFILE, word);
}

/**
 * The content of `.env` for a profile. What the file says already stays, a secret above all: the database knows it.
 * @param {string} before the file as it is; '' when there is none
 * @param {Profile} profile
 * @param {(bytes: number) => string} [random] hex of so many bytes
 * @returns {{ text: string, added: string[] }} the whole file, and the names that it lacked
 * @throws Error when the file is for another profile
 */
export function completeEnv(
  before,
  profile,
  random = (bytes) => randomBytes(bytes).toString('hex'),
) {
  const known = namesIn(before);
  const project = known.get('COMPOSE_PROJECT_NAME');
  const wanted = OF_PROFILE[profile];
  if (project !== undefined && project !== wanted.COMPOSE_PROJECT_NAME) {
    throw new Error(
      `this file is for ${project}: give --file another name for ${wanted.COMPOSE_PROJECT_NAME}, and ` +
        'name it to docker compose with --env-file',
    );
  }
  const secrets = Object.fromEntries(SECRETS.map((name) => [name, random(SECRET_BYTES)]));
  const vnc = profile === 'paper' ? {} : { VNC_SERVER_PASSWORD: random(VNC_CHARACTERS / 2) };
  const missing = Object.entries({ ...wanted, ...MAIL, ...secrets, ...vnc }).filter(
    ([name]) => !known.has(name),
  );
  const lines = missing.map(([name, value]) => `${name}=${value}\n`);
  const start = before === '' || before.endsWith('\n') ? before : `${before}\n`;
  return { text: start + lines.join(''), added: missing.map(([name]) => name) };
}

/** @param {string} text @returns {Map<string, string>} */
function namesIn(text) {
  const lines = text.matchAll(/^([A-Z][A-Z0-9_]*)=(.*)$/gm);
  return new Map([...lines].map(([, name = '', value = '']) => [name, value.trim()]));
}
