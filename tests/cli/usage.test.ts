/** How the command ends: usage errors, nothing running, signals that can't be read, tokens. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { jwtVerify } from 'jose';
import { ballast } from './support.js';

let folder: string;
let env: NodeJS.ProcessEnv;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-cli-'));
  env = { BALLAST_STATE_DIR: folder };
});
afterEach(() => rmSync(folder, { recursive: true }));

const SIGNAL = {
  id: 'usage-1',
  strategy_id: 'tests',
  symbol: 'IBM',
  side: 'BUY',
  stop_loss: '180.60',
};

function signalFile(name: string, content: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

describe('[CLI-1] exit codes', () => {
  test.each([
    ['an unknown command', ['tradse']],
    ['an unknown option', ['trades', '--sybmol', 'IBM']],
    ['a status that is none', ['trades', '--status', 'ALIVE']],
    ['a limit beyond the bound', ['trades', '--limit', '1001']],
    ['a wait for something else', ['signal', 'x.json', '--wait', 'profit']],
    ['no command at all', []],
  ])('%s ends with 2 and nothing on stdout', async (_name, argv) => {
    const { code, out, err } = await ballast(argv, { env });
    expect({ code, out }).toStrictEqual({ code: 2, out: '' });
    expect(err).not.toBe('');
  });

  test('help and version are what was asked for', async () => {
    const help = await ballast(['--help'], { env });
    expect(help).toMatchObject({ code: 0, err: '' });
    for (const name of ['up', 'doctor', 'gateway', 'size', 'signal', 'trades', 'watch', 'token']) {
      expect(help.out).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
    }
    expect(await ballast(['--version'], { env })).toMatchObject({ code: 0, err: '' });
  });

  test.each([
    ['trades', ['trades']],
    ['positions', ['positions']],
    ['a signal', ['signal']],
    ['close', ['close', 'usage-1']],
  ])('%s with nothing running ends with 3 and says what to start', async (_name, argv) => {
    const full = argv[0] === 'signal' ? [...argv, signalFile('s.json', SIGNAL)] : argv;
    const { code, out, err } = await ballast(full, { env });
    expect({ code, out }).toStrictEqual({ code: 3, out: '' });
    expect(err).toContain('npm start');
  });

  test('with --json a failure is an object too', async () => {
    const { code, out } = await ballast(['positions', '--json'], { env });
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'UNREACHABLE' } });
  });

  test('a database that does not answer ends with 3 and never shows its password', async () => {
    const DATABASE_URL = 'postgresql://ballast:opensesame@127.0.0.1:1/ballast';
    const { code, err } = await ballast(['trades'], { env: { ...env, DATABASE_URL } });
    expect(code).toBe(3);
    expect(err).toContain('127.0.0.1:1/ballast');
    expect(err).not.toContain('opensesame');
  });

  test.each([
    ['positions', ['positions']],
    ['close', ['close', 'usage-1']],
    ['cancel', ['cancel', 'usage-1']],
    ['mode', ['mode', 'HALTED']],
  ])('%s is not held up by a setting that it does not use, and names it', async (_name, argv) => {
    const DATABASE_URL = 'postgresql://ballast@127.0.0.1:1/ballast';
    const given = { ...env, DATABASE_URL, MAX_QUANTITY: 'abc' };
    const { code, err } = await ballast(argv, { env: given });
    expect(code).toBe(3);
    expect(err).toContain('MAX_QUANTITY="abc"');
    const unusable = { ...given, TEMPORAL_ADDRESS: 'nonsense' };
    expect((await ballast(argv, { env: unusable })).code).toBe(2);
  });

  test('a setting that cannot be used ends with 2 and names it', async () => {
    const { code, err } = await ballast(['trades'], { env: { ...env, RISK_PER_TRADE: 'much' } });
    expect(code).toBe(2);
    expect(err).toContain('RISK_PER_TRADE="much"');
  });
});

describe('[SIG-1] [CLI-1] a signal that cannot be read names each path, with nothing running', () => {
  test.each([
    ['a missing symbol', { symbol: undefined }, 'symbol: required'],
    ['a negative stop', { stop_loss: '-1' }, 'stop_loss: expected a plain decimal'],
    ['a zero stop', { stop_loss: '0' }, 'stop_loss: must be greater than zero'],
    ['an exponent', { quantity: '1e2' }, 'quantity: expected a plain decimal'],
    ['nine decimals', { entry_price: '1.123456789' }, 'entry_price: expected a plain decimal'],
    ['two stops', { stop_loss_pct: '0.01' }, 'stop_loss_pct: give either stop_loss or'],
    ['an unknown field', { stop: '1' }, 'stop: unknown field'],
    ['a side that is none', { side: 'HOLD' }, 'side: expected BUY or SELL'],
    ['an indicator that is text', { indicators: { rsi: '70' } }, 'indicators.rsi: expected'],
    ['a holding time without a unit', { max_holding: '30' }, 'max_holding: expected a duration'],
  ])('%s', async (_name, change, complaint) => {
    const file = signalFile('bad.json', { ...SIGNAL, ...change });
    const { code, out, err } = await ballast(['signal', file], { env });
    expect({ code, out }).toStrictEqual({ code: 1, out: '' });
    expect(err).toContain(`  ${complaint}`);
  });

  test('several mistakes in several files, as JSON for programs', async () => {
    const files = [
      signalFile('a.json', { ...SIGNAL, side: undefined, symbol: 'ibm' }),
      signalFile('b.json', [SIGNAL]),
    ];
    const { code, out } = await ballast(['signal', ...files, '--json'], { env });
    const lines = out.trim().split('\n');
    const told = lines.map((line) => JSON.parse(line) as { error: { issues: { path: string }[] } });
    expect(code).toBe(1);
    expect(told.map(({ error }) => error.issues.map(({ path }) => path).sort())).toStrictEqual([
      ['side', 'symbol'],
      ['(signal)'],
    ]);
  });

  test.each([
    ['a key', '{"id": "a", "side": "BUY", "side": "SELL"}', 'side'],
    ['in another spelling', '{"id": "a", "s\\u0069de": "BUY", "side": "SELL"}', 'side'],
    ['within an object', '{"indicators": {"rsi": 1, "x": "\\"{", "rsi": 2}}', 'indicators.rsi'],
    ['within a list', '{"context": [1, {"a": [], "b": {}, "a": 0}]}', 'context.1.a'],
  ])('[SIG-1] %s that stands twice', async (_name, content, path) => {
    const file = signalFile('twice.json', content);
    const { code, out, err } = await ballast(['signal', file], { env });
    expect({ code, out }).toStrictEqual({ code: 1, out: '' });
    expect(err).toContain(`  ${path}: stands more than once`);
    const sized = await ballast(['size', '-f', file], { env });
    expect(sized.code).toBe(1);
    expect(sized.err).toContain(`${path}: stands more than once`);
  });

  test('[SIG-1] a number that loses digits, and bytes that are no text', async () => {
    const lost = signalFile('lost.json', '{"id": "a", "quantity": 9007199254740993}');
    const told = await ballast(['signal', lost], { env });
    expect([told.code, told.out]).toStrictEqual([1, '']);
    expect(told.err).toContain(
      '  quantity: the number loses digits, for it is read as 9007199254740992',
    );
    expect((await ballast(['size', '-f', lost], { env })).err).toContain('quantity: the number');
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, Buffer.from([0x22, 0xff, 0x22]));
    const { code, err } = await ballast(['signal', broken], { env });
    expect([code, err]).toStrictEqual([1, `${broken}: the bytes are no UTF-8\n`]);
  });

  test('the same key in different objects is no mistake', async () => {
    const content = '{"a": {"x": 1}, "b": {"x": {"x": [{"x": 1}, {"x": "\\\\"}]}}, "x": 0}';
    const { err } = await ballast(['signal', signalFile('d.json', content)], { env });
    expect(err).not.toContain('more than once');
  });

  test('a file that is no JSON ends with 1, one that is not there with 2', async () => {
    const broken = await ballast(['signal', signalFile('c.json', '{"id": ')], { env });
    expect(broken.code).toBe(1);
    expect(broken.err).toContain('c.json: not JSON');
    expect((await ballast(['signal', join(folder, 'none.json')], { env })).code).toBe(2);
  });

  test('an id for several files is a usage error', async () => {
    const { code } = await ballast(['signal', 'a.json', 'b.json', '--id', 'x'], { env });
    expect(code).toBe(2);
  });
});

describe('[CLI-1] ballast token', () => {
  const secretFile = () => join(folder, 'jwt-secret');

  test('signs with a secret of its own, made once and readable by its owner only', async () => {
    const first = await ballast(['token', '--scope', 'read,trade', '--expires', '12h'], { env });
    const secret = readFileSync(secretFile(), 'utf8').trim();
    expect(statSync(secretFile()).mode & 0o777).toBe(0o600);
    const { payload, protectedHeader } = await jwtVerify(
      first.out.trim(),
      new TextEncoder().encode(secret),
      { issuer: 'ballast', audience: 'ballast-api', algorithms: ['HS256'] },
    );
    expect(protectedHeader.alg).toBe('HS256');
    expect(payload).toMatchObject({ sub: 'owner', scope: 'read trade' });
    expect(payload.exp! - payload.iat!).toBe(12 * 60 * 60);
    await ballast(['token'], { env });
    expect(readFileSync(secretFile(), 'utf8').trim()).toBe(secret);
  });

  test('its page says for how long one is good unless it is told', async () => {
    const { out } = await ballast(['token', '--help'], { env });
    expect(out).toMatch(/--expires <duration>.*\(default: 30d\)/s);
    expect(out).not.toMatch(/\d{6}/);
  });

  test('JWT_SECRET is used instead when it is set; another key does not verify', async () => {
    const JWT_SECRET = 'k'.repeat(32);
    const { out } = await ballast(['token', '--json'], { env: { ...env, JWT_SECRET } });
    const { token, scopes } = JSON.parse(out) as { token: string; scopes: string[] };
    const key = (secret: string) => new TextEncoder().encode(secret);
    expect(scopes).toStrictEqual(['read']);
    expect(existsSync(secretFile())).toBe(false);
    await expect(jwtVerify(token, key(JWT_SECRET))).resolves.toBeDefined();
    await expect(jwtVerify(token, key('x'.repeat(32)))).rejects.toThrow('signature');
  });

  test.each([
    ['a scope that is none', ['--scope', 'read,root']],
    ['no scope', ['--scope', ',']],
    ['a duration that is none', ['--expires', 'soon']],
  ])('%s ends with 2', async (_name, flags) => {
    expect((await ballast(['token', ...flags], { env })).code).toBe(2);
  });
});
