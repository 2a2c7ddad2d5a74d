/** One holder at a time, and none for ever. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { tryHold, withLock } from '../../scripts/lib/lock.mjs';
import { identify } from '../../scripts/lib/processes.mjs';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-lock-'));
  file = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A process that has ended: its number is free again, or somebody else's. */
function deadProcess(): { pid: number; started: string } {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  return { pid, started: 'before' };
}

test('two never work at once', async () => {
  let inside = 0;
  let most = 0;
  const work = async () => {
    inside += 1;
    most = Math.max(most, inside);
    await sleep(5);
    inside -= 1;
  };
  const limit = { timeoutMs: 10_000 };
  await Promise.all(Array.from({ length: 8 }, () => withLock(file, work, limit)));
  expect(most).toBe(1);
  expect(existsSync(file)).toBe(false);
});

test("a dead process's lock is taken over", async () => {
  writeFileSync(file, JSON.stringify(deadProcess()));
  await expect(withLock(file, () => 'done', { timeoutMs: 1_000 })).resolves.toBe('done');
});

test('a later process with the same number is not taken for the holder', async () => {
  writeFileSync(file, JSON.stringify({ ...identify(), started: 'another boot/1' }));
  await expect(withLock(file, () => 'done', { timeoutMs: 1_000 })).resolves.toBe('done');
});

test('a lock of a live process is waited for, within a limit that names it', async () => {
  const parent = identify(process.ppid);
  writeFileSync(file, JSON.stringify(parent));
  let toldOf = 0;
  const waiting = withLock(file, () => 'done', {
    timeoutMs: 200,
    onWait: (pid: number) => void (toldOf = pid),
  });
  await expect(waiting).rejects.toThrow(String(parent.pid));
  expect(toldOf).toBe(parent.pid);
});

test('a held lock names its holder until it is released', () => {
  const first = tryHold(file);
  expect(tryHold(file)).toEqual({ holder: identify() });
  if ('release' in first) first.release();
  expect(tryHold(file)).toHaveProperty('release');
});

test('the lock is given back when the work fails', async () => {
  const failing = withLock(file, () => Promise.reject(new Error('no')), { timeoutMs: 100 });
  await expect(failing).rejects.toThrow('no');
  expect(existsSync(file)).toBe(false);
});
