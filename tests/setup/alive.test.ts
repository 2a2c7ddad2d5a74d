/** A container's health check: who answers, and who has shown lately that it moves, is well. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createLogger } from '../../config/logger.js';
import { projectRoot } from '../../scripts/lib/paths.mjs';
import { writeRelease } from '../../scripts/lib/release.mjs';
import { showAlive } from '../../worker/alive.js';
import { untilTrue } from '../support/workers.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-alive-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the check. @returns its exit code, and what it said */
function check(file: string | undefined, ...args: readonly string[]) {
  const script = join(projectRoot(), 'scripts', 'alive.mjs');
  const env = {
    PATH: process.env['PATH'],
    ...(file !== undefined && { BALLAST_ALIVE_FILE: file }),
  };
  return new Promise<{ code: unknown; said: string }>((resolve) => {
    execFile(process.execPath, [script, ...args], { env }, (error, _, said) => {
      resolve({ code: error?.code ?? 0, said });
    });
  });
}

test('[OPS-2] a process that writes its sign of life is well; one that stopped doing so is not', async () => {
  const file = join(folder, 'alive');
  expect(await check(file)).toMatchObject({ code: 1, said: expect.stringMatching(/no sign.*yet/) });
  showAlive(file, createLogger('test', 'fatal'));
  await untilTrue('it is written', () => existsSync(file));
  expect(await check(file)).toEqual({ code: 0, said: '' });
  // Another's: this one may be written anew at any moment.
  const stale = join(folder, 'stale');
  const old = new Date(Date.now() - 60_000);
  writeFileSync(stale, '');
  utimesSync(stale, old, old);
  expect(await check(stale)).toMatchObject({
    code: 1,
    said: expect.stringMatching(/for \d{2,} s/),
  });
  expect((await check(undefined)).code).toBe(1);
});

test('[OPS-2] an address that answers well is well; a 503, or nobody, is not', async () => {
  let status = 200;
  const server = createServer((_, response) => response.writeHead(status).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`;
  expect((await check(undefined, url)).code).toBe(0);
  status = 503;
  expect((await check(undefined, url)).said).toContain('answered 503');
  await new Promise((resolve) => server.close(resolve));
  expect((await check(undefined, url)).said).toContain('does not answer');
});

test('a release is never written over something else', () => {
  writeFileSync(join(folder, 'mine.txt'), 'mine');
  expect(() => writeRelease(folder)).toThrow(/holds something that is no release/);
  expect(existsSync(join(folder, 'mine.txt'))).toBe(true);
});
