/** A batch of signals while the database goes away: each file is answered for, and may be given again. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
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
  /** Cuts every connection with the first insert of a signal that passes, for so long; 0: for good. */
  cutAtSignal(forMs: number): void;
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
      cutForMs = forMs;
    },
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
