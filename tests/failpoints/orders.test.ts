/** Failpoints by themselves: dead by default, claimed exactly, and what each action does. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { arm, disarm, isArmed, passed, refused, taken, untilTaken } from '../../failpoints/arm.js';
import { failpoint, failpointSync } from '../../failpoints/failpoint.js';
import { foldersIn } from '../../failpoints/order.js';
import { startPasser, type Passer } from './support/passer.js';

const POINT = 'plan.commit.after';

let folder: string;
let passers: Passer[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-failpoints-'));
  passers = [];
});
afterEach(async () => {
  for (const passer of passers) await passer.stop();
  rmSync(folder, { recursive: true, force: true });
});

function passer(): Passer {
  const started = startPasser(folder);
  passers.push(started);
  return started;
}

/** The letter of a process's state: T is stopped. */
function stateOf(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
}

async function until(condition: () => boolean, timeoutMs = 20_000): Promise<void> {
  const deadlineMs = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadlineMs) throw new Error(`waited ${timeoutMs} ms in vain`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('without the setting', () => {
  test('[PRF-2] a pass does nothing, gives nothing and leaves nothing', async () => {
    arm(folder, POINT, { action: 'throw' });
    expect(failpoint(POINT)).toBeNull();
    expect(() => failpointSync(POINT)).not.toThrow();
    const dead = startPasser();
    passers.push(dead);
    expect((await dead.pass({ point: POINT, passes: 100 })).happened).toEqual(
      Array(100).fill(null),
    );
    expect(taken(folder)).toEqual([]);
    expect(passed(folder).size).toBe(0);
    expect(isArmed(folder, POINT)).toBe(true);
  });
});

describe('an order', () => {
  test('[PRF-2] is taken once, by one of several processes that pass at the same time', async () => {
    const racers = [passer(), passer(), passer()];
    for (let round = 0; round < 5; round += 1) {
      arm(folder, POINT, { action: 'delay', seconds: 0 });
      const answers = await Promise.all(
        racers.map((racer) => racer.pass({ point: POINT, passes: 200 })),
      );
      const happened = answers.flatMap((answer) => answer.happened);
      expect(happened.filter((action) => action !== null)).toEqual(['delay']);
      expect(isArmed(folder, POINT)).toBe(false);
    }
    expect(taken(folder, POINT)).toHaveLength(5);
  });

  test('[PRF-2] skip and count hold over all processes together', async () => {
    const racers = [passer(), passer(), passer()];
    arm(folder, POINT, { action: 'throw', skip: 40, count: 7 });
    const answers = await Promise.all(
      racers.map((racer) => racer.pass({ point: POINT, passes: 15 })),
    );
    const thrown = answers
      .flatMap((answer) => answer.happened)
      .filter((happened) => happened !== null);
    expect(thrown).toHaveLength(3 * 15 - 40);
    expect(thrown[0]).toContain(`FailpointError: failpoint ${POINT}`);
    await racers[0]!.pass({ point: POINT, passes: 10 });
    expect(taken(folder, POINT)).toHaveLength(7);
    expect(isArmed(folder, POINT)).toBe(false);
  });

  test('[PRF-2] with a match or a process id passes others by, and does not count them', async () => {
    const [one, other] = [passer(), passer()];
    arm(folder, POINT, { action: 'throw', skip: 1, match: { tradeId: 'a' }, process: other.pid });
    const passAs = async (who: Passer, tradeId: string) =>
      (await who.pass({ point: POINT, context: { tradeId } })).happened[0];
    expect(await passAs(one, 'a')).toBeNull();
    expect(await passAs(other, 'b')).toBeNull();
    expect(await passAs(other, 'a')).toBeNull();
    expect(await passAs(other, 'a')).toContain('told to throw');
    expect(taken(folder)).toEqual([
      expect.objectContaining({
        point: POINT,
        action: 'throw',
        pid: other.pid,
        process: 'trade worker',
        context: { tradeId: 'a' },
      }),
    ]);
  });

  test('[PRF-2] can be taken back, and a point that is armed is not armed over', async () => {
    arm(folder, POINT, { action: 'throw' });
    expect(() => arm(folder, POINT, { action: 'exit' })).toThrow(/armed already/);
    expect(disarm(folder, POINT)).toBe(true);
    expect(disarm(folder, POINT)).toBe(false);
    expect((await passer().pass({ point: POINT })).happened).toEqual([null]);
    arm(folder, POINT, { action: 'delay', seconds: 0 });
    expect(await untilTakenOnce()).toBe('delay');
  });

  async function untilTakenOnce() {
    const waited = untilTaken(folder, POINT);
    await passer().pass({ point: POINT });
    return (await waited)[0]?.action;
  }

  test('[PRF-2] that makes no sense is refused with its reason, when armed and when found', async () => {
    expect(() => arm(folder, POINT, { action: 'repeat' })).toThrow(/"action" is one of/);
    expect(() => arm(folder, 'run.continue.before', { action: 'throw' })).toThrow(/action/);
    expect(() => arm(folder, POINT, { action: 'exit', seconds: -1 })).toThrow(/seconds/);
    expect(() => arm(folder, POINT, { action: 'exit', count: 0 })).toThrow(/count/);
    expect(() => arm(folder, POINT, { action: 'exit', skip: 10_001 })).toThrow(/at most/);
    const byHand = join(foldersIn(folder).armed, `${POINT}.json`);
    writeFileSync(byHand, '{"action": "exit", "second": 3}');
    expect((await passer().pass({ point: POINT })).happened).toEqual([null]);
    expect(Object.values(refused(folder))).toEqual([expect.stringContaining('second')]);
    expect(isArmed(folder, POINT)).toBe(false);
  });

  test('[PRF-2] the first pass of each process is noted once', async () => {
    const [one, other] = [passer(), passer()];
    await one.pass({ point: POINT, passes: 3 });
    await other.pass({ point: POINT });
    await other.pass({ point: 'settle.commit.after' });
    expect([...passed(folder).keys()].sort()).toEqual([POINT, 'settle.commit.after']);
    expect(
      passed(folder)
        .get(POINT)
        ?.map(({ pid }) => pid),
    ).toEqual([one.pid, other.pid]);
    const file = join(foldersIn(folder).passed, 'lease.take.before');
    for (const half of ['', '{"pid": 1']) {
      writeFileSync(file, half);
      expect(passed(folder).has('lease.take.before')).toBe(false);
    }
  });
});

describe('an action', () => {
  test.each([false, true])('[PRF-2] exit kills the process at once (sync: %p)', async (sync) => {
    const victim = passer();
    arm(folder, POINT, { action: 'exit' });
    const answer = victim.pass({ point: POINT, sync });
    await expect(answer).rejects.toThrow('SIGKILL');
    expect(await victim.ended).toBe('SIGKILL');
    expect(taken(folder, POINT)).toHaveLength(1);
  });

  test.each([false, true])('[PRF-2] freeze stops it, and it wakes (sync: %p)', async (sync) => {
    const frozen = passer();
    arm(folder, POINT, { action: 'freeze', seconds: 0.7 });
    const answer = frozen.pass({ point: POINT, sync });
    await until(() => stateOf(frozen.pid) === 'T');
    const { happened, tookMs } = await answer;
    expect(happened).toEqual([sync ? null : 'freeze']);
    expect(tookMs).toBeGreaterThanOrEqual(650);
    expect(tookMs).toBeLessThan(5_000);
    expect(stateOf(frozen.pid)).not.toBe('T');
  });

  test('[PRF-2] a process killed in its freeze leaves nobody behind that would wake it', async () => {
    const frozen = passer();
    arm(folder, POINT, { action: 'freeze', seconds: 60 });
    const answer = frozen.pass({ point: POINT });
    await until(() => stateOf(frozen.pid) === 'T');
    await Promise.all([expect(answer).rejects.toThrow('SIGKILL'), frozen.stop()]);
    const wakers = () =>
      execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).includes(`waker ${frozen.pid} `);
    await until(() => !wakers());
  });

  test.each([false, true])('[PRF-2] delay holds up the pass alone (sync: %p)', async (sync) => {
    const slow = passer();
    arm(folder, POINT, { action: 'delay', seconds: 0.3 });
    expect((await slow.pass({ point: POINT, sync })).tookMs).toBeGreaterThanOrEqual(299);
    expect(slow.errors()).toBe(sync ? 'prepared\n' : '');
    expect((await slow.pass({ point: POINT, sync })).tookMs).toBeLessThan(250);
    expect(slow.errors()).toBe(sync ? 'prepared\n' : '');
  });
});
