/** Whatever ends the supervisor, nothing that it started goes on. */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { projectRoot } from '../../scripts/lib/paths.mjs';
import { isRunning } from '../../scripts/lib/processes.mjs';
import { startTethered, waitHealthy } from '../../scripts/infra/tethered.js';
import { linkReason } from '../../supervisor/link-reason.js';
import { startNodeChild } from '../../supervisor/node-child.js';
import { builtFile } from '../support/built.js';

const PROGRAMS = join(projectRoot(), 'tests', 'setup', 'programs');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-children-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function startHost(): Promise<{ host: ChildProcess; pids: Record<string, number> }> {
  const host = spawn(process.execPath, [join(PROGRAMS, 'host.mjs'), projectRoot(), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise<string>((resolve) => {
    host.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString()));
  });
  return { host, pids: JSON.parse(line) as Record<string, number> };
}

async function gone(pid: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < 5_000; waitedMs += 50) {
    if (!isRunning(pid)) return true;
    await sleep(50);
  }
  return false;
}

test.each(['SIGKILL', 'SIGTERM'] as const)(
  '[OPS-1] no orphans when the parent is ended by %s',
  async (signal) => {
    const { host, pids } = await startHost();
    expect(Object.values(pids).every(isRunning)).toBe(true);
    host.kill(signal);
    for (const pid of Object.values(pids)) expect(await gone(pid)).toBe(true);
  },
);

describe('a child', () => {
  const start = (...args: string[]) =>
    startNodeChild({
      name: 'the child',
      script: join(PROGRAMS, 'child.mjs'),
      args,
      env: process.env,
      logFile: join(folder, 'child.log'),
      readyLimitMs: 1_000,
      whyNot: linkReason,
    });

  test('is waited for until it says that it is ready, and stops when asked', async () => {
    const child = await start();
    expect(child.hasExited()).toBe(false);
    await child.stop();
    expect(child.hasExited()).toBe(true);
  });

  test('that never gets ready is stopped, and the error shows its log', async () => {
    await expect(start('--mute')).rejects.toThrow(/not ready after 1 s.*child\.log/);
  });

  test('[BRK-1] that waits for its link is told with the reason of it, the last one', async () => {
    const line = (reason: string) => JSON.stringify({ level: 30, reason, msg: 'broker link' });
    const said = `--say=${line('connecting')}\n${line('login needed: 401')}\nno JSON "broker link"`;
    const failed = start('--mute', said).catch(String);
    expect(await failed).toContain('not ready after 1 s: its link is not ready: login needed: 401');
    expect(linkReason(`${line('login needed: 401')}\n${line('ready')}`)).toBeNull();
    expect(linkReason('')).toBeNull();
  });

  test('[OPS-1] of which only what this start said is shown', async () => {
    writeFileSync(join(folder, 'child.log'), 'an error of an earlier start\n');
    const failed = start('--mute', '--die').catch(String);
    expect(await failed).toMatch(/ended while starting/);
    expect(await failed).not.toContain('an earlier start');
  });

  test('[R-8] that moves no more is killed, and one that only beats seldom is not', async () => {
    const silent: number[] = [];
    const child = await startNodeChild({
      ...{ name: 'the child', script: join(PROGRAMS, 'child.mjs'), args: ['--beat'] },
      ...{ env: process.env, logFile: join(folder, 'beat.log'), readyLimitMs: 5_000 },
      silence: { limitMs: 600, onSilent: (pid) => silent.push(pid) },
    });
    await sleep(1_500);
    expect([silent, child.hasExited()]).toEqual([[], false]);
    const pid = child.pid()!;
    process.kill(pid, 'SIGSTOP');
    const code = await Promise.race([child.exited, sleep(5_000)]);
    if (!child.hasExited()) process.kill(pid, 'SIGKILL');
    expect(code).toBe(1);
    expect([silent, isRunning(pid)]).toEqual([[pid], false]);
  });

  test('[R-8] the parent of a broker worker beats, so that it can be watched', async () => {
    const env = { ...process.env, DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' };
    const parent = fork(builtFile('worker/broker-worker.js'), { env, silent: true });
    try {
      const beat = once(parent, 'message').then(([message]) => message as unknown);
      expect(await Promise.race([beat, once(parent, 'exit')])).toBe('beat');
    } finally {
      parent.kill('SIGKILL');
    }
  }, 30_000);

  test('that dies while starting is told at once', async () => {
    await expect(start('--mute', '--die')).rejects.toThrow('ended while starting');
  });
});

test('[OPS-1] a foreign server that ends while starting shows what it said, and nothing of earlier starts', async () => {
  const logFile = join(folder, 'server.log');
  writeFileSync(logFile, 'FATAL: of an earlier start\n');
  const server = startTethered({
    ...{ name: 'the server', command: process.execPath, logFile, pidFile: `${logFile}.pid` },
    args: ['-e', 'console.log("FATAL: of this one"); process.exit(1)'],
    ...{ stopSignal: 'SIGTERM', graceMs: 1_000 },
  });
  const failed = waitHealthy(server, logFile, 30_000, () => Promise.resolve(false)).catch(String);
  expect(await failed).toContain('FATAL: of this one');
  expect(await failed).not.toContain('earlier start');
}, 60_000);
