/** [OPS-3] Settings that can't be used, the machine, and the broker: each broken for real, with doctor's line and remedy. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { diskCheck } from '../../cli/doctor/machine.js';
import { useAccountDatabase } from '../store/support/account-database.js';
import { plannedTrade } from '../store/support/planned-trade.js';
import { temporalAddress } from '../support/temporal.js';
import { told } from './doctor-lines.js';

const opened = useAccountDatabase(['AAA'], '1000000');
let folder: string;
let broker: Server;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-doctor-'));
  // One that answers: what is away is waited for.
  const temporal = await temporalAddress();
  broker = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve));
  env = {
    ...{ BALLAST_STATE_DIR: folder, DATABASE_URL: opened().url, TEMPORAL_ADDRESS: temporal },
    ...{ API_PORT: '1', IBKR_HOST: '127.0.0.1' },
    IBKR_PORT: '4002',
  };
});
afterAll(async () => {
  await new Promise((resolve) => broker?.close(resolve));
  if (folder) rmSync(folder, { recursive: true, force: true });
});

const KEY = 'A'.repeat(43);

describe('[OPS-3] a setting that can not be used is named, with what is allowed', () => {
  test.each([
    [{ JWT_SECRET: 'short' }, /JWT_SECRET=\(not shown\): allowed is at least 32 characters/],
    [{ JWT_JWKS_URL: 'http://login.example/keys' }, /JWT_JWKS_URL=.*must begin with https/],
    [{ API_PORT: '99999' }, /API_PORT="99999": allowed is/],
    [{ TEMPORAL_ADDRESS: 'nowhere' }, /TEMPORAL_ADDRESS="nowhere": allowed is host:port/],
    [{ TEMPORAL_TLS_CLIENT_CERT_PATH: '/c.pem' }, /CLIENT_CERT_PATH.*must be set together/],
    [{ TEMPORAL_PAYLOAD_KEYS: 'k1=short' }, /TEMPORAL_PAYLOAD_KEYS=\(not shown\): .* 32 bytes/],
    [{ TEMPORAL_PAYLOAD_KEYS: `k1=${KEY},k1=${KEY}` }, /must not name two keys alike/],
    [{ DATABASE_URL: 'mysql://x' }, /DATABASE_URL=\(not shown\): allowed is postgresql/],
    [{ DATABASE_URL: '', DATABASE_URL_FILE: '/nowhere' }, /DATABASE_URL_FILE=.*can't be read/],
    [{ IBKR_ACCOUNT: 'du1' }, /IBKR_ACCOUNT="du1": allowed is an account code/],
    [{ IBKR_CLIENT_ID: '0' }, /IBKR_CLIENT_ID="0": allowed is/],
    [{ SMTP_URL: 'smtps://m.example:465' }, /SMTP_URL.*NOTIFY_EMAIL_TO|NOTIFY_EMAIL_TO.*SMTP_URL/],
    [{ WEBHOOK_URL: 'https://w.example/x' }, /WEBHOOK_SECRET/],
    [{ TELEGRAM_BOT_TOKEN: `1:${'a'.repeat(30)}` }, /TELEGRAM_CHAT_ID/],
    [{ DISCORD_WEBHOOK_URL: 'discord' }, /DISCORD_WEBHOOK_URL=\(not shown\): allowed is an https/],
    [{ API_PUBLIC_URL: 'ballast.example' }, /API_PUBLIC_URL="ballast.example": allowed is/],
  ] satisfies [NodeJS.ProcessEnv, RegExp][])('%j', async (wrong, expected) => {
    const line = await told({ ...env, ...wrong }, 'configuration');
    expect(line).toMatch(expected);
    expect(line).toContain('docs/reference/configuration.md');
    expect(line).not.toMatch(/^ok/);
  });
});

test('[RSK-1] a limit whose name is misspelt is no limit: it is told', async () => {
  const lines = await told({ ...env, MAX_POSITON_PCT: '0.1' }, 'configuration');
  expect(lines).toContain('ok: every variable can be used');
  expect(lines).toMatch(/note: MAX_POSITON_PCT is no setting, .*MAX_POSITION_PCT is one → write/);
});

describe('[OPS-3] the machine', () => {
  test('a state folder that is none, and a secret that others read', async () => {
    const file = join(folder, 'no-folder');
    writeFileSync(file, '');
    const line = await told({ ...env, BALLAST_STATE_DIR: file }, 'state folder');
    expect(line).toMatch(/^wrong: .*is no folder → .*BALLAST_STATE_DIR/);
    expect(await told({ ...env, BALLAST_STATE_DIR: join(file, 'in-it') }, 'state folder')).toMatch(
      /^wrong: .*in-it/,
    );
    const secret = join(folder, 'jwt-secret');
    writeFileSync(secret, 'x'.repeat(64), { mode: 0o600 });
    expect(await told(env, 'state folder')).toBe(`ok: ${folder} → null`);
    chmodSync(secret, 0o644);
    expect(await told(env, 'state folder')).toContain(`→ chmod 600 ${secret}`);
    rmSync(secret);
  });

  test('a disk that fills up is told before it is full', async () => {
    const mib = 1_024 * 1_024;
    expect(diskCheck(100 * mib, '/d')).toMatchObject({ state: 'wrong', found: /100 MiB/ });
    expect(diskCheck(1_000 * mib, '/d')).toMatchObject({ state: 'note' });
    expect(diskCheck(10_000 * mib, '/d')).toMatchObject({ state: 'ok', remedy: null });
    expect(await told(env, 'disk')).toContain(`MiB free for ${folder}`);
  });

  test('a halt file is told with its reason, and how it goes', async () => {
    const file = join(folder, 'HALT');
    writeFileSync(file, 'odd fills');
    expect(await told(env, 'halt file')).toMatch(/^note: .*odd fills → .*ballast resume/);
    rmSync(file);
  });
});

describe('[OPS-3] the broker', () => {
  test('a port that is closed, and one that is open', async () => {
    const closed = await told({ ...env, IBKR_PORT: '1' }, 'broker port');
    expect(closed).toMatch(
      /^wrong: closed at 127.0.0.1:1: .*REFUSED.* → .*IBKR_HOST and IBKR_PORT/,
    );
    const { port } = broker.address() as AddressInfo;
    expect(await told({ ...env, IBKR_PORT: String(port) }, 'broker port')).toMatch(/^ok/);
  });

  test('[RSK-6] the port of live logins without the word for real money', async () => {
    const live = { ...env, IBKR_PORT: '4001' };
    expect(await told(live, 'live port')).toMatch(/^note: .*ALLOW_LIVE is not set/);
    const trading = { ...live, TRADING_ENABLED: 'true' };
    expect(await told(trading, 'live port')).toMatch(/^wrong: .*every entry is denied → .*4002/);
    const halfway = { ...trading, ALLOW_LIVE: 'true' };
    expect(await told(halfway, 'live port')).toMatch(/^wrong: .*IBKR_AUTHORIZED_ACCOUNTS is empty/);
    const meant = { ...halfway, IBKR_AUTHORIZED_ACCOUNTS: 'U1234567' };
    expect(await told(meant, 'live port')).toMatch(/^note: .*real money/);
    expect(await told(env, 'live port')).toBe('');
  });

  test('an account that nobody reports, and a live one that may not trade', async () => {
    const line = await told({ ...env, IBKR_ACCOUNT: 'DU9999999' }, 'account DU9999999');
    expect(line).toMatch(/^wrong: .*the broker reports DU1000001 → name one of these/);
    const { db } = opened();
    const rename = (from: string, brokerAccountId: string, isPaper: boolean) =>
      db.account.updateMany({
        where: { brokerAccountId: from },
        data: { brokerAccountId, isPaper },
      });
    await rename('DU1000001', 'U1000001', false);
    expect(await told(env, 'account U1000001')).toMatch(/every entry is denied: .*ALLOW_LIVE=true/);
    const words = { ALLOW_LIVE: 'true', IBKR_AUTHORIZED_ACCOUNTS: 'U1000001' };
    expect(await told({ ...env, ...words }, 'account U1000001')).not.toContain('denied');
    await rename('U1000001', 'DU1000001', true);
  });

  test('a client id that another program holds, and a clock that is wrong', async () => {
    const { db, ready } = opened();
    const link = (data: object) =>
      db.connection.update({ where: { id: ready.connectionId }, data });
    const accounts = ['DU1000001'];
    const held = { socket: 'down', brokerServers: false, reason: 'client id in use', accounts };
    // As if it had been told a moment ago, however long doctor takes.
    const updatedAt = new Date(Date.now() + 60_000);
    const down = { ready: false, health: held, clockSkewMs: 60_000, downSince: new Date() };
    await link({ ...down, updatedAt });
    expect(await told(env, 'broker worker')).toMatch(/client id in use.*→ .*has client id 17/s);
    expect(await told(env, 'clock')).toMatch(/^wrong: .*60000 ms from ours.* → set the clock/);
    const health = { reason: 'ready', accounts };
    await link({ ready: true, health, clockSkewMs: 0, downSince: null });
    expect(await told(env, 'clock')).toMatch(/^ok/);
  });

  test('a terminal that takes no orders (read-only API), until it has taken one', async () => {
    const { db, ready } = opened();
    const tradeId = await plannedTrade(db, ready, { symbol: 'AAA' });
    const errorText =
      '321: Error validating request: The API interface is currently in Read-Only mode.';
    await db.order.updateMany({ where: { tradeId }, data: { errorCode: 321, errorText } });
    expect(await told(env, 'read-only API')).toMatch(
      /^wrong: .*Read-Only mode.* → .*"Read-Only API" off/,
    );
    const { id } = await db.order.findFirstOrThrow({ where: { tradeId, role: 'STOP' } });
    const later = new Date(Date.now() + 1_000);
    await db.order.update({
      where: { id },
      data: { errorText: null, acknowledgedAt: later, createdAt: later },
    });
    expect(await told(env, 'read-only API')).toBe('');
  });

  test('a channel that nobody sends by', async () => {
    const web = { WEBHOOK_URL: 'https://w.example/x', WEBHOOK_SECRET: 'A'.repeat(44) };
    expect(await told({ ...env, ...web }, 'notifications')).toMatch(/^wrong: webhook: no notifier/);
    expect(await told(env, 'notifications')).toMatch(/^note: nobody is told anything/);
  });
});
