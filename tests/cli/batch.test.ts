/** A batch of signals while the database goes away: each file is answered for, and may be given again. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { identify } from '../../scripts/lib/processes.mjs';
import { openDatabase, type Database } from '../../store/database.js';
import { readyAccount } from '../store/support/ready-account.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';
import { ballast } from './support.js';

let database: TestDatabase;
let db: Database;
let folder: string;
let way: Way;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  database = await freshDatabase();
  db = openDatabase({ url: database.url, poolSize: 2 });
  await readyAccount(db, ['AAA'], '1000000');
  folder = mkdtempSync(join(tmpdir(), 'ballast-cli-'));
  way = await openWay(database.url);
  env = { DATABASE_URL: way.url, BALLAST_STATE_DIR: folder, TEMPORAL_ADDRESS: '127.0.0.1:1' };
}, 60_000);
afterAll(async () => {
  way?.close();
  rmSync(folder, { recursive: true });
  await db?.$disconnect();
  await database?.drop();
});

/** The only way to the database, which can be cut. */
interface Way {
  readonly url: string;
  /** Cuts every connection with the first insert of a signal that passes, for so long; 0: for good, below 0: never. */
  cutAtSignal(forMs: number): void;
  /** Cuts every connection now, for so long. */
  cutNow(forMs: number): void;
  close(): void;
}

async function openWay(target: string): Promise<Way> {
  const url = new URL(target);
  const sockets = new Set<Socket>();
  let cutForMs: number | null = null;
  let isCut = false;
  const cut = (forMs: number) => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
    if (forMs > 0) setTimeout(() => (isCut = false), forMs);
  };
  const server: Server = createServer((inner) => {
    if (isCut) return inner.destroy();
    const outer = connect(Number(url.port), url.hostname);
    for (const socket of [inner, outer]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        [inner, outer].forEach((each) => each.destroy());
      });
    }
    outer.pipe(inner);
    inner.on('data', (chunk) => {
      if (cutForMs !== null && chunk.includes('INSERT INTO signals')) {
        const forMs = cutForMs;
        cutForMs = null;
        return cut(forMs);
      }
      outer.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const own = new URL(target);
  own.host = `127.0.0.1:${port}`;
  return {
    url: own.href,
    cutAtSignal: (forMs) => {
      isCut = false;
      cutForMs = forMs < 0 ? null : forMs;
    },
    cutNow: cut,
    close: () => {
      cut(0);
      server.close();
    },
  };
}

function signalFiles(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) => {
    const file = join(folder, `${prefix}-${n}.json`);
    const signal = {
      ...{ id: `${prefix}-${n}`, strategy_id: 'batch', symbol: 'AAA', side: 'BUY' },
      ...{ quantity: '1', stop_loss_pct: '0.05' },
    };
    writeFileSync(file, JSON.stringify(signal));
    return file;
  });
}

test('[SIG-2] a database that comes back within seconds is waited for, and none is doubled', async () => {
  const files = signalFiles('short', 8);
  way.cutAtSignal(1_500);
  const { code, out } = await ballast(['signal', ...files, '--json'], { env });
  const lines = out.trim().split('\n');
  const told = lines.map((line) => JSON.parse(line) as { file: string; trade_id?: string });
  expect(code).toBe(0);
  expect(told.map(({ file }) => file)).toStrictEqual(files);
  expect(new Set(told.map(({ trade_id: id }) => id)).size).toBe(8);
  expect(await db.signal.count({ where: { signalId: { startsWith: 'short-' } } })).toBe(8);
}, 60_000);

test('[SIG-2] [CLI-1] one that stays away is answered for each file, none of which is lost by asking again', async () => {
  const files = signalFiles('long', 4);
  way.cutAtSignal(0);
  const { code, out, err } = await ballast(['signal', ...files, '--json'], { env });
  const told = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(code).toBe(3);
  expect(told).toMatchObject(
    files.map((file) => ({ file, state: 'unknown', error: { code: 'UNREACHABLE' } })),
  );
  for (const file of files) {
    expect(err).toContain(`${file}: not known whether it was stored: submit it again`);
  }
  // Nothing was sent: that is known.
  const closed = await ballast(['signal', ...files, '--json'], { env });
  const lines = closed.out.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject(
    files.map((file) => ({ file, state: 'not_stored', error: { code: 'UNREACHABLE' } })),
  );
  expect(closed.code).toBe(3);
}, 90_000);

test('[SIG-1] [SIG-2] [CLI-1] a file that is no signal, whyever, is told by its name and the others are stored', async () => {
  way.cutAtSignal(-1);
  const files = signalFiles('mixed', 3);
  const bad = {
    'zero.json':
      '{"id":"z","strategy_id":"b","symbol":"AAA","side":"BUY","context":{"a":"x\\u0000y"}}',
    'deep.json': `{"context":${'['.repeat(9_000)}${']'.repeat(9_000)}}`,
    'deep-text.json': '['.repeat(500_000) + ']'.repeat(500_000),
    'cut.json': '{"id": ',
  };
  for (const [name, text] of Object.entries(bad)) writeFileSync(join(folder, name), text);
  const names = [...Object.keys(bad), 'not-there.json'].map((name) => join(folder, name));
  const { code, out, err } = await ballast(['signal', ...names, ...files, '--json'], { env });
  const told = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { file: string; trade_id?: string; error?: object });
  expect(told.map(({ file }) => file)).toStrictEqual([...names, ...files]);
  for (const { file, trade_id: id, error } of told) {
    expect([file, id === undefined]).toStrictEqual([file, names.includes(file)]);
    expect([file, error !== undefined]).toStrictEqual([file, names.includes(file)]);
  }
  for (const name of names) expect(err).toContain(name);
  expect(err).not.toContain('prisma');
  expect(code).toBe(2);
  expect(await db.signal.count({ where: { signalId: { startsWith: 'mixed-' } } })).toBe(3);
}, 60_000);

test('[SIG-2] [CLI-1] whatever else befalls one of them is told of that one alone, in plain words', async () => {
  way.cutAtSignal(-1);
  const files = signalFiles('odd', 3);
  await db.$executeRawUnsafe(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.signal_id = 'odd-0' THEN RAISE EXCEPTION 'no such text' USING ERRCODE = '22P05'; END IF;
      IF NEW.signal_id = 'odd-1' THEN RAISE EXCEPTION 'no such row' USING ERRCODE = '23505'; END IF;
      RETURN NEW; END $$`);
  await db.$executeRawUnsafe(
    'CREATE TRIGGER refuse BEFORE INSERT ON signals FOR EACH ROW EXECUTE FUNCTION refuse()',
  );
  const { code, out, err } = await ballast(['signal', ...files, '--json'], { env });
  await db.$executeRawUnsafe('DROP TRIGGER refuse ON signals');
  const told = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(told).toMatchObject([
    { file: files[0], state: 'not_stored', error: { code: 'NOT_STORED' } },
    { file: files[1], state: 'unknown', error: { code: 'FAILED' } },
    { file: files[2], is_new: true },
  ]);
  expect(err + out).not.toMatch(/prisma|\$queryRaw/i);
  expect(code).toBe(3);
}, 60_000);

describe('[SIG-2] [TRD-5] a database that is being started again by what runs here', () => {
  const runtime = () => join(folder, 'runtime.json');
  afterEach(() => rmSync(runtime(), { force: true }));
  const supervised = () => {
    const rest = { pids: {}, ports: {}, urls: {}, env: {}, startedAt: '', parts: {} };
    writeFileSync(runtime(), JSON.stringify({ supervisor: identify(), ...rest }));
  };

  test('is waited for by whoever trades', async () => {
    way.cutAtSignal(-1);
    const [file] = signalFiles('again', 1);
    supervised();
    way.cutNow(2_000);
    const signal = await ballast(['signal', file!, '--json'], { env });
    expect(JSON.parse(signal.out)).toMatchObject({ file, is_new: true });
    for (const argv of [
      ['close', 'again-0'],
      ['cancel', 'again-0'],
      ['move-stop', 'again-0', '1'],
    ]) {
      way.cutNow(1_000);
      const { code, out } = await ballast(argv, { env });
      expect([argv[0], code === 3, out === '']).toStrictEqual([argv[0], false, false]);
    }
  }, 60_000);

  test('is told at once where nothing runs that would start it', async () => {
    way.cutNow(0);
    const startedMs = Date.now();
    expect((await ballast(['close', 'again-0'], { env })).code).toBe(3);
    expect(Date.now() - startedMs).toBeLessThan(5_000);
  });
});
