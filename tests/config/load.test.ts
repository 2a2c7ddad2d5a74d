/** The configuration: defaults, refusals that name the variable, secrets, and its reference page. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { configurationPage, environmentExample } from '../../config/document.js';
import {
  ConfigError,
  configuredChannels,
  loadConfig,
  requireDatabaseUrl,
} from '../../config/index.js';
import { metaOf } from '../../config/fields.js';
import { settings } from '../../config/schema.js';
import { accountFrom, placeFrom } from '../../contract/connection.js';
import { notificationsPage } from '../../contract/notifications-page.js';
import { projectRoot } from '../../scripts/lib/paths.mjs';
import { CODE_FOLDERS, sourcesIn } from '../architecture/sources.js';

function problemsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

/** 32 bytes in base64url. */
const KEY = 'A'.repeat(43);

describe('defaults', () => {
  test('[RSK-5] trading is off until TRADING_ENABLED says otherwise', () => {
    expect(loadConfig({}).tradingEnabled).toBe(false);
    expect(loadConfig({ TRADING_ENABLED: '' }).tradingEnabled).toBe(false);
    expect(loadConfig({ TRADING_ENABLED: 'true' }).tradingEnabled).toBe(true);
  });

  test('[RSK-6] neither a live account nor a live port is a default', () => {
    const config = loadConfig({});
    expect(config.allowLive).toBe(false);
    expect(config.ibkrAuthorizedAccounts).toEqual([]);
    expect([4001, 7496]).not.toContain(config.ibkrPort);
  });

  test('decimals stay the strings that were written', () => {
    expect(loadConfig({ RISK_PER_TRADE: '0.010' }).riskPerTrade).toBe('0.010');
  });

  test('the halt file lies in the state folder, both absolute', () => {
    const config = loadConfig({ BALLAST_STATE_DIR: 'elsewhere' });
    expect(config.haltFile).toBe(join(projectRoot(), 'elsewhere', 'HALT'));
    expect(config.ballastStateDir).toBe(join(projectRoot(), 'elsewhere'));
  });
});

describe('refusals', () => {
  test.each([
    ['RISK_PER_TRADE', '1e-2'],
    ['RISK_PER_TRADE', '1.01'],
    ['RISK_PER_TRADE', '-0.01'],
    ['MAX_PRICE_DEVIATION', '.5'],
    ['MIN_QUANTITY', '0.123456789'],
    ['IBKR_PORT', '0'],
    ['IBKR_PORT', '70000'],
    ['IBKR_CLIENT_ID', '0'],
    ['MAX_OPEN_POSITIONS', '2.5'],
    ['TRADING_ENABLED', 'maybe'],
    ['ORDER_TYPE', 'STP'],
    ['DATABASE_URL', 'mysql://x'],
    ['TEMPORAL_ADDRESS', 'nowhere'],
    ['LOG_LEVEL', 'loud'],
  ])('[OPS-3] %s=%s is refused by name, with what is allowed', (name, value) => {
    const [problem, ...others] = problemsOf({ [name]: value });
    expect(others).toEqual([]);
    expect(problem).toContain(`${name}=`);
    expect(problem).toContain('allowed is');
  });

  test('all wrong variables are listed at once', () => {
    expect(problemsOf({ IBKR_PORT: 'x', LOG_LEVEL: 'x', RISK_LARGE: 'x' })).toHaveLength(3);
  });

  test.each([
    [{ LEASE_RENEW_MS: '4000' }, 'LEASE_RENEW_MS'],
    [{ CLOCK_SKEW_WARN_MS: '9000' }, 'CLOCK_SKEW_WARN_MS'],
    [{ RISK_NORMAL: '0.04' }, 'RISK_NORMAL'],
    [{ RISK_SMALL: '0.025' }, 'RISK_SMALL'],
    [{ MIN_QUANTITY: '5', MAX_QUANTITY: '4' }, 'MIN_QUANTITY'],
    [{ TEMPORAL_TLS_CLIENT_CERT_PATH: 'x.pem' }, 'TEMPORAL_TLS_CLIENT_CERT_PATH'],
    [{ TEMPORAL_PAYLOAD_KEYS: `k=${KEY},k=${KEY}` }, 'TEMPORAL_PAYLOAD_KEYS'],
  ])('values that contradict each other are refused: %p', (env, name) => {
    expect(problemsOf(env)).toEqual([expect.stringContaining(`${name}=`)]);
  });

  test('without a database the remedy is named', () => {
    expect(() => requireDatabaseUrl(loadConfig({}))).toThrow(/npm start/);
  });
});

describe('secrets', () => {
  let folder: string;
  const secret = 'a-secret-of-at-least-thirty-two-characters';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ballast-config-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('a secret can come from a file', () => {
    const file = join(folder, 'jwt');
    writeFileSync(file, `${secret}\n`);
    expect(loadConfig({ JWT_SECRET_FILE: file }).jwtSecret).toBe(secret);
    expect(problemsOf({ JWT_SECRET_FILE: file, JWT_SECRET: secret })).toHaveLength(1);
  });

  test('a missing file is named', () => {
    const [problem] = problemsOf({ JWT_SECRET_FILE: join(folder, 'absent') });
    expect(problem).toContain('JWT_SECRET_FILE');
  });

  test('[API-2] a refused secret is not printed', () => {
    expect(problemsOf({ JWT_SECRET: 'short-secret' }).join()).not.toContain('short-secret');
  });
});

describe('[BRK-9] the broker by its settings', () => {
  const SNAPTRADE = {
    BROKER: 'snaptrade',
    SNAPTRADE_CLIENT_ID: 'ballast',
    SNAPTRADE_CONSUMER_KEY: 'a-key',
    SNAPTRADE_USER_ID: 'somebody',
    SNAPTRADE_USER_SECRET: 'a-secret',
  };

  test('it is IBKR unless another is named, which needs all that lets it in', () => {
    expect(loadConfig({}).broker).toBe('ibkr');
    expect(loadConfig(SNAPTRADE).broker).toBe('snaptrade');
    for (const name of Object.keys(SNAPTRADE).slice(1)) {
      expect(problemsOf({ ...SNAPTRADE, [name]: '' })).toEqual([expect.stringContaining(name)]);
    }
  });

  test('each user of SnapTrade has a connection of its own, whose name is not shown', () => {
    const place = placeFrom(loadConfig(SNAPTRADE));
    const other = placeFrom(loadConfig({ ...SNAPTRADE, SNAPTRADE_USER_ID: 'somebody-else' }));
    expect(place).toEqual(placeFrom(loadConfig({ ...SNAPTRADE, SNAPTRADE_QUOTES: 'live' })));
    expect(place.host).not.toBe(other.host);
    expect(JSON.stringify([place, other])).not.toContain('somebody');
    expect(placeFrom(loadConfig({ IBKR_PORT: '7497' }))).toMatchObject({ port: 7_497 });
  });

  test('the account that nobody names is that of the broker', () => {
    const env = { ...SNAPTRADE, SNAPTRADE_ACCOUNT: 'an-id', IBKR_ACCOUNT: 'DU1' };
    expect(accountFrom(loadConfig(env))).toBe('an-id');
    expect(accountFrom(loadConfig({ ...env, BROKER: 'ibkr' }))).toBe('DU1');
  });
});

describe('[NTF-1] notifications', () => {
  const HOOK = {
    WEBHOOK_URL: 'https://example.org/hook',
    WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  };

  test.each([
    [{ SMTP_URL: 'smtp://h:587' }, 'NOTIFY_EMAIL_TO='],
    [
      { SMTP_URL: 'smtp://u:p@h:587', NOTIFY_EMAIL_TO: 'a@example.org', SMTP_PLAIN: 'true' },
      'SMTP_PLAIN="true" must not be set while SMTP_URL has a password',
    ],
    [{ SMTP_URL: 'smtp://h:587', NOTIFY_EMAIL_TO: 'nobody' }, 'names no mail address: nobody'],
    [{ SMTP_URL: 'http://user:hidden@h' }, 'SMTP_URL=(not shown): allowed is'],
    [
      { WEBHOOK_URL: HOOK.WEBHOOK_URL },
      'WEBHOOK_SECRET=(not shown) and WEBHOOK_URL must be set together',
    ],
    [{ ...HOOK, WEBHOOK_SECRET: 'hidden' }, 'WEBHOOK_SECRET=(not shown): allowed is base64'],
    [
      { ...HOOK, WEBHOOK_URL: 'http://example.org/hidden' },
      'WEBHOOK_URL=(not shown) must begin with https://',
    ],
    [{ DISCORD_WEBHOOK_URL: 'http://127.0.0.1.example.org/hidden' }, 'must begin with https://'],
    [
      { TELEGRAM_BOT_TOKEN: '1:abcdefghijklmnopqrstuvwx' },
      'TELEGRAM_CHAT_ID="" and TELEGRAM_BOT_TOKEN must be',
    ],
    [{ NOTIFY_OFF: 'placed,nonsense' }, 'names no kind of message: nonsense'],
  ])('%j is refused, without showing a secret', (env, problem) => {
    const problems = problemsOf(env).join('\n');
    expect(problems).toContain(problem);
    expect(problems).not.toContain('hidden');
  });

  test('a channel is used when its settings are there; plain http is for this machine', () => {
    expect(configuredChannels(loadConfig({}))).toEqual([]);
    const mail = { SMTP_URL: 'smtps://u:p@h:465', NOTIFY_EMAIL_TO: 'a@example.org, b@example.org' };
    const local = { DISCORD_WEBHOOK_URL: 'http://127.0.0.1:1/x' };
    const config = loadConfig({ ...mail, ...local, ...HOOK });
    expect(configuredChannels(config)).toEqual(['email', 'discord', 'webhook']);
    expect(config.notifyEmailTo).toEqual(['a@example.org', 'b@example.org']);
  });
});

describe('reference', () => {
  const page = (path: string) => readFileSync(join(projectRoot(), path), 'utf8');

  test('[OPS-3] the page is what the schema says', () => {
    expect(page('docs/reference/configuration.md')).toBe(configurationPage());
    expect(page('.env.example')).toBe(environmentExample());
  });

  test('[NTF-1] the page of kinds is what their list says', () => {
    expect(page('docs/reference/notifications.md')).toBe(notificationsPage());
  });

  test('[OPS-3] every setting is read by somebody', () => {
    // What settings mean as limits is said there, for all who read them.
    const isReader = (path: string) => !path.startsWith('config/') || path === 'config/risk.ts';
    const read = sourcesIn(CODE_FOLDERS)
      .filter(({ path }) => isReader(path))
      .map(({ text }) => text)
      .join();
    // What is needed before anything is built is read from the environment itself.
    const early = page('scripts/lib/paths.mjs');
    const camel = (name: string) =>
      name.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    const unread = Object.keys(settings).filter(
      (name) => !new RegExp(`\\b${camel(name)}\\b`).test(read) && !early.includes(name),
    );
    expect(unread).toStrictEqual([]);
  });

  test('every setting has a description, a reason and a default that it takes itself', () => {
    for (const [name, schema] of Object.entries(settings)) {
      const meta = metaOf(schema);
      expect([name, meta.description, meta.reason]).not.toContain('');
      const env = meta.defaultText === '' ? {} : { [name]: meta.defaultText };
      expect([name, problemsOf(env)]).toEqual([name, []]);
      expect(loadConfig(env)).toEqual(loadConfig({}));
    }
  });
});
