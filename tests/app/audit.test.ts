/** [OPS-6] The audit log: one chain, whoever writes, and what a corrupted one is told as. Real PostgreSQL. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { listAudit, verifyAudit } from '../../app/audit.js';
import { giveCommand } from '../../app/commands.js';
import { auditSwitch, changeMode } from '../../app/switches.js';
import { fingerprint } from '../../contract/fingerprint.js';
import { openDatabase } from '../../store/database.js';
import { appendAudit } from '../../store/audit.js';
import { plainTransact } from '../../store/transact.js';
import { ballast } from '../cli/support.js';
import { plannedTrade } from '../store/support/planned-trade.js';
import { testApp, type TestApp } from './support.js';

let it: TestApp;
beforeAll(async () => {
  it = await testApp();
}, 60_000);
afterAll(async () => it?.close());

/** As a superuser would: the trigger is no lock for whoever owns the table. */
async function asOwner(statement: string): Promise<void> {
  await it.db.$executeRawUnsafe('ALTER TABLE audit_log DISABLE TRIGGER ALL');
  try {
    await it.db.$executeRawUnsafe(statement);
  } finally {
    await it.db.$executeRawUnsafe('ALTER TABLE audit_log ENABLE TRIGGER ALL');
  }
}

const actionsOf = async (count: number) =>
  (await listAudit(it.app, count)).map(({ action, subject, body }) => ({ action, subject, body }));

describe('[OPS-6] what people decide is kept', () => {
  test('a command to a trade, once for its key, and a refused one with its reason', async () => {
    const tradeId = await plannedTrade(it.db, it.ready);
    const cancel = { tradeId, kind: 'cancel_entry', key: 'k-1' } as const;
    await giveCommand(it.app, cancel);
    await giveCommand(it.app, cancel);
    const move = { tradeId, kind: 'move_stop', key: 'k-2', terms: { price: '99' } } as const;
    await giveCommand(it.app, move);
    const subject = `trade ${tradeId}`;
    expect(await actionsOf(10)).toMatchObject([
      { action: 'move_stop', subject, body: { terms: { price: '99' }, verdict: 'refused' } },
      { action: 'cancel_entry', subject, body: { key: 'k-1', verdict: 'accepted' } },
    ]);
    const [moved] = await listAudit(it.app, 1);
    expect(moved).toMatchObject({ actor: 'test', body: { reason: expect.any(String) } });
  });

  test('by writers at once, in one chain', async () => {
    const other = openDatabase({ url: it.database.url, poolSize: 3 });
    const write = (n: number) =>
      auditSwitch({ ...it.app, db: n % 2 ? other : it.db }, 'halt', { n });
    await Promise.all(Array.from({ length: 20 }, (_, n) => write(n)));
    await other.$disconnect();
    expect(await verifyAudit(it.app)).toMatchObject({ entries: '22', broken: null });
  });

  test('and one that was rolled back leaves no trace', async () => {
    const { userId, actor } = it.app;
    const entry = { userId, actor, action: 'mode', subject: 'nothing', body: {} };
    const failing = plainTransact(it.db, async (tx) => {
      await appendAudit(tx, entry);
      throw new Error('not after all');
    });
    await expect(failing).rejects.toThrow('not after all');
    expect(await changeMode(it.app, { kind: 'installation', name: null }, 'ACTIVE')).toBe(true);
    const { entries, head, broken } = await verifyAudit(it.app);
    const [newest] = await listAudit(it.app, 1);
    expect({ entries, head, broken }).toEqual({ entries: '23', head: newest!.hash, broken: null });
  });
});

describe('[OPS-6] what was written', () => {
  test.each([
    `UPDATE audit_log SET actor = 'nobody'`,
    'DELETE FROM audit_log',
    'TRUNCATE audit_log',
    'DELETE FROM audit_head',
  ])('is not changed: %s', async (statement) => {
    await expect(it.db.$executeRawUnsafe(statement)).rejects.toThrow('append-only');
    expect((await verifyAudit(it.app)).broken).toBeNull();
  });
});

/** Each mends what it broke: the next begins with a whole chain. */
describe('[OPS-6] the first entry that does not fit is named', () => {
  const verify = async () => (await verifyAudit(it.app)).broken;
  const ids = async () => (await listAudit(it.app, 100)).map(({ id }) => id).reverse();

  async function corrupted(change: string): Promise<Awaited<ReturnType<typeof verify>>> {
    await it.db.$executeRawUnsafe('CREATE TABLE kept AS SELECT * FROM audit_log');
    try {
      await asOwner(change);
      return await verify();
    } finally {
      await asOwner('DELETE FROM audit_log');
      await asOwner('INSERT INTO audit_log SELECT * FROM kept');
      await it.db.$executeRawUnsafe('DROP TABLE kept');
      expect(await verify()).toBeNull();
    }
  }

  test.each(['actor', 'action', 'subject'])('whose %s was changed', async (column) => {
    const id = (await ids())[9]!;
    const found = await corrupted(`UPDATE audit_log SET ${column} = 'x' WHERE id = ${id}`);
    expect(found).toMatchObject({ id, wrong: 'hash', why: expect.stringContaining('was changed') });
  });

  test('whose body or time was changed', async () => {
    const id = (await ids())[4]!;
    const body = `UPDATE audit_log SET body = '{"n": 99}' WHERE id = ${id}`;
    expect(await corrupted(body)).toMatchObject({ id, wrong: 'hash' });
    const time = `UPDATE audit_log SET at = at - interval '1 day' WHERE id = ${id}`;
    const moment = `UPDATE audit_log SET at = at + interval '1 microsecond' WHERE id = ${id}`;
    expect(await corrupted(moment)).toMatchObject({ id, wrong: 'hash' });
    expect(await corrupted(time)).toMatchObject({ id, wrong: 'hash' });
  });

  test('that follows one which was removed', async () => {
    const [, before, removed, next] = await ids();
    const found = await corrupted(`DELETE FROM audit_log WHERE id = ${removed}`);
    expect(found).toMatchObject({ id: next, wrong: 'previous' });
    expect(found?.why).toContain(`does not follow entry ${before}`);
  });

  test('that is the first one left', async () => {
    const [first, second] = await ids();
    const found = await corrupted(`DELETE FROM audit_log WHERE id = ${first}`);
    expect(found).toMatchObject({ id: second, wrong: 'previous' });
  });

  test('that was the newest, and is gone with all it would be missed by', async () => {
    const last = (await ids()).at(-1)!;
    const found = await corrupted(`DELETE FROM audit_log WHERE id = ${last}`);
    expect(found).toMatchObject({ id: last, wrong: 'end' });
    expect((await corrupted('DELETE FROM audit_log'))?.wrong).toBe('end');
  });

  test('that nobody has written through the log, at its end or before its beginning', async () => {
    const [newest] = await listAudit(it.app, 1);
    const { userId } = it.app;
    const forged = (id: string, previous: string) => {
      const at = new Date();
      const entry = { userId, actor: 'x', action: 'mode', subject: 'y', body: {}, previous };
      const hash = fingerprint({ ...entry, at: at.toISOString() });
      return `INSERT INTO audit_log (id, user_id, at, actor, action, subject, body, previous, hash)
        VALUES (${id}, '${userId}', '${at.toISOString()}', 'x', 'mode', 'y', '{}', '${previous}', '${hash}')`;
    };
    const after = String(BigInt(newest!.id) + 1_000n);
    expect(await corrupted(forged(after, newest!.hash))).toMatchObject({ id: after, wrong: 'end' });
    expect(await corrupted(forged('-7', '0'.repeat(64)))).toMatchObject({ wrong: 'previous' });
  });

  test('by the command, which fails then', async () => {
    const env = { DATABASE_URL: it.database.url };
    const whole = await ballast(['audit', 'verify'], { env });
    expect(whole.code).toBe(0);
    expect(whole.out).toMatch(
      /^the chain is whole: 23 entries, the newest hash is [0-9a-f]{64}\n$/,
    );
    const id = (await ids())[2]!;
    await asOwner(`UPDATE audit_log SET actor = 'nobody' WHERE id = ${id}`);
    const broken = await ballast(['audit', 'verify'], { env });
    expect(broken.code).toBe(1);
    expect(broken.out).toContain(`entry ${id} of `);
    expect(broken.out).toContain('not that of what it says; the 2 entries before it do');
    const asJson = await ballast(['audit', 'verify', '--json'], { env });
    expect(asJson.code).toBe(1);
    expect(JSON.parse(asJson.out)).toMatchObject({ entries: '2', broken: { id, wrong: 'hash' } });
  });
});
