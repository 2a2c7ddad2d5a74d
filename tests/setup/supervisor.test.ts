/** The supervisor over real child processes: order, restarts, giving up. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { loadConfig } from '../../config/index.js';
import { projectRoot } from '../../scripts/lib/paths.mjs';
import { createProgress } from '../../scripts/lib/steps.mjs';
import type { Context, Part } from '../../supervisor/context.js';
import { startNodeChild } from '../../supervisor/node-child.js';
import { Supervisor } from '../../supervisor/supervisor.js';

const CHILD = join(projectRoot(), 'tests', 'setup', 'programs', 'child.mjs');

let folder: string;
let lines: string[];
let supervisor: Supervisor | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-supervisor-'));
  lines = [];
});
afterEach(async () => {
  await supervisor?.stop();
  rmSync(folder, { recursive: true });
});

function part(name: string, args: string[] = []): Part {
  return {
    name,
    title: name,
    skipped: () => undefined,
    start: () =>
      startNodeChild({
        name,
        script: CHILD,
        args,
        env: process.env,
        logFile: join(folder, `${name}.log`),
        readyLimitMs: 5_000,
      }),
  };
}

function create(parts: Part[], env: NodeJS.ProcessEnv = {}): Supervisor {
  const write = (text: string) => void lines.push(text.trim());
  const context = {
    config: loadConfig({ RESTART_DELAY_MS: '10', ...env }),
    stateDir: folder,
    env: {},
    say: write,
  } as unknown as Context;
  const progress = createProgress({ write });
  supervisor = new Supervisor({ context, parts, progress, onChange: () => undefined });
  return supervisor;
}

async function until(condition: () => boolean): Promise<void> {
  for (let waitedMs = 0; !condition(); waitedMs += 20) {
    if (waitedMs > 10_000) throw new Error(`it did not happen; said: ${lines.join('\n')}`);
    await sleep(20);
  }
}

const steps = () => lines.filter((line) => line.startsWith('✓')).map((line) => line.slice(2, -8));

test('[OPS-1] parts start in order and stop in the reverse', async () => {
  const running = create([part('one'), part('two')]);
  await running.startAll();
  await running.stop();
  expect(steps().map((step) => step.trim())).toEqual(['one', 'two', 'two stopped', 'one stopped']);
});

test('[OPS-1] a killed part is started again', async () => {
  const running = create([part('one')]);
  await running.startAll();
  const before = running.pids()['one'] ?? 0;
  process.kill(before, 'SIGKILL');
  await until(() => ![undefined, before].includes(running.pids()['one']));
  expect(lines.join()).toContain('one ended');
});

test('[OPS-1] what is being started again is told as that, with the attempt', async () => {
  const running = create([part('one')], { RESTART_DELAY_MS: '1000' });
  await running.startAll();
  expect(running.parts()).toMatchObject({ one: { state: 'up', attempt: 0 } });
  const [pid] = running.parts()['one']!.pids;
  process.kill(pid!, 'SIGKILL');
  await until(() => running.parts()['one']?.state === 'restarting');
  expect(running.parts()['one']).toMatchObject({ attempt: 1, pids: [] });
  await until(() => running.parts()['one']?.state === 'up');
});

test('[OPS-1] a part that keeps dying ends the whole', async () => {
  const running = create([part('one', ['--die'])]);
  await running.startAll();
  const error = await running.givenUp;
  expect(error.message).toMatch(/one ended 5 times within 60 s/);
});

test('[NTF-1] a spare part that keeps dying, or never comes up, ends nothing', async () => {
  const spare: Part = { ...part('spare', ['--die']), isSpare: true };
  const broken: Part = {
    ...part('broken'),
    isSpare: true,
    start: () => Promise.reject(new Error('no')),
  };
  const running = create([spare, broken, part('one')]);
  await running.startAll();
  await until(() => ['spare', 'broken'].every((name) => running.parts()[name]?.state === 'down'));
  expect(lines.join()).toMatch(/spare ended 5 times within 60 s[^,]*; the rest goes on without it/);
  expect(running.pids()).toHaveProperty('one');
  let isGivenUp = false;
  void running.givenUp.then(() => (isGivenUp = true));
  await sleep(20);
  expect(isGivenUp).toBe(false);
});

test('with restarts off a dead part stays down until it is asked for', async () => {
  const running = create([part('one')], { BALLAST_RESTART: 'off' });
  await running.startAll();
  process.kill(running.pids()['one'] ?? 0, 'SIGKILL');
  await until(() => lines.join().includes('BALLAST_RESTART is off'));
  await sleep(100);
  expect(running.pids()).toEqual({});
  await running.restartDown();
  expect(running.pids()).toHaveProperty('one');
});

test('a part that does not come up is told, with those before it left to stop', async () => {
  const running = create([part('one'), part('two', ['--mute', '--die'])]);
  await expect(running.startAll()).rejects.toThrow('two ended while starting');
  expect(Object.keys(running.pids())).toEqual(['one']);
});
