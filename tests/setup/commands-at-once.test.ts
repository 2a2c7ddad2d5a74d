/** `ballast` while the checkout's set-up is held by another, and many of them at once. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { bootstrapLock } from '../../scripts/lib/bootstrap.mjs';
import { tryHold } from '../../scripts/lib/lock.mjs';
import { projectRoot } from '../../scripts/lib/paths.mjs';

/** A command takes a second or so, four at once on a machine that is busy with other tests far more. */
const LIMIT_MS = 60_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-at-once-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function ballast(...args: string[]): Promise<{ code: number; err: string }> {
  const env = { ...process.env, BALLAST_STATE_DIR: folder };
  const file = join(projectRoot(), 'bin', 'ballast.mjs');
  return new Promise((resolve) => {
    const options = { env, timeout: LIMIT_MS };
    execFile(process.execPath, [file, ...args], options, (error, _out, err) =>
      resolve({ code: error ? Number(error.code ?? -1) : 0, err }),
    );
  });
}

async function hold(): Promise<() => void> {
  for (;;) {
    const held = tryHold(bootstrapLock());
    if ('release' in held) return held.release;
    await sleep(50);
  }
}

test('[CLI-1] [RSK-5] a checkout that is set up is used while another holds its set-up', async () => {
  const release = await hold();
  try {
    const commands = [['halt'], ['resume'], ['--version'], ['audit', '--help']];
    const ended = await Promise.all(commands.map((args) => ballast(...args)));
    expect(ended.map(({ code }) => code)).toStrictEqual([0, 0, 0, 0]);
    for (const { err } of ended) expect(err).not.toContain('waiting for process');
  } finally {
    release();
  }
}, 60_000);
