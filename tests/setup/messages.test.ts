/** What a start says of flags that come too late, of folders it can't write, and of hosts it can't reach. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { initdbProblem } from '../../scripts/infra/postgres.js';
import { unreached } from '../../scripts/infra/temporal-programs.js';
import { projectRoot } from '../../scripts/lib/paths.mjs';
import { ignoredText, parseOptions } from '../../supervisor/options.js';
import { holdState, stateProblem } from '../../supervisor/state.js';

let folder: string;
let server: Server | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-messages-'));
});
afterEach(() => {
  server?.close();
  server = undefined;
  rmSync(folder, { recursive: true });
});

describe('[OPS-1] a second start', () => {
  test.each([
    [[], null],
    [['--once', '--no-demo'], null],
    [['--seed', '7', '--speed=20'], /^--seed 7 --speed 20: not taken/],
    [['--hours', 'always'], /^--hours always: not taken/],
  ])('of %j says which flags the one that runs does not take', (args, told) => {
    const text = ignoredText(parseOptions(args));
    if (told === null) expect(text).toBeNull();
    else expect(text).toMatch(told);
  });
});

describe('[OPS-1] a folder that can’t be written', () => {
  const problemOf = (act: () => unknown): Error | null => {
    try {
      act();
    } catch (error) {
      return stateProblem(error, folder);
    }
    throw new Error('it was written');
  };

  test('is named, with what to do', () => {
    writeFileSync(join(folder, 'file'), '');
    const problem = problemOf(() => holdState(join(folder, 'file', 'state')));
    expect(problem?.message).toContain(`${folder}/file/state`);
    expect(problem?.message).toMatch(/no folder, or name another folder with BALLAST_STATE_DIR/);
  });

  test.each([
    ['EACCES', /this account may not write it: give it the folder \(chown\)/],
    ['EROFS', /read-only/],
    ['ENOSPC', /no space is left on its disk/],
  ])('%s in words', (code, words) => {
    const bare = Object.assign(new Error(`${code}: open '/x'`), { code, path: '/x' });
    expect(stateProblem(bare, folder)?.message).toMatch(words);
    expect(stateProblem(bare, folder)?.message).toMatch(/^\/x can't be written/);
  });

  test('any other error stays what it is', () => {
    expect(stateProblem(new Error('odd'), folder)).toBeNull();
    expect(stateProblem('odd', folder)).toBeNull();
  });
});

test('[OPS-1] what initdb says of a full disk, or a folder of another’s, is told in words', () => {
  const full = 'initdb: error: could not write file "x/pg_wal": No space left on device';
  expect(initdbProblem('/data', full)).toMatch(/^no database could be made in \/data: no space is/);
  expect(initdbProblem('/data', full)).not.toContain('initdb');
  const denied = 'initdb: error: could not create directory "x": Permission denied';
  expect(initdbProblem('/data', denied)).toContain('BALLAST_STATE_DIR');
  expect(initdbProblem('/data', 'odd\n')).toBe(
    'no database could be made in /data; initdb says:\nodd',
  );
});

describe('[OPS-1] a host that can’t be asked', () => {
  async function reasonOf(port: number, limitMs: number): Promise<string> {
    const signal = AbortSignal.timeout(limitMs);
    const failed = await fetch(`http://127.0.0.1:${port}/`, { signal }).then(
      () => null,
      (error: unknown) => error,
    );
    return unreached('download.example', failed);
  }
  const listen = async () => {
    server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server?.once('listening', resolve));
    return (server.address() as AddressInfo).port;
  };

  test('at once: with what stood in the way, and no time that nobody waited', async () => {
    const port = await listen();
    await new Promise((resolve) => server?.close(resolve));
    server = undefined;
    expect(await reasonOf(port, 60_000)).toBe("download.example can't be reached (ECONNREFUSED)");
  });

  test('late: with the time', async () => {
    expect(await reasonOf(await listen(), 50)).toMatch(
      /^download\.example gave no answer in \d+ s$/,
    );
  });
});

test('[OPS-1] no script of package.json needs a tool that only a set-up brings', () => {
  const text = readFileSync(join(projectRoot(), 'package.json'), 'utf8');
  const { scripts } = JSON.parse(text) as { scripts: Record<string, string> };
  const bare = Object.entries(scripts).filter(([, line]) => !line.startsWith('node scripts/'));
  expect(bare).toEqual([]);
});
