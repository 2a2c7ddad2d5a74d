/** `ballast halt` and `resume`: which file they touch, and what they say of it, with everything else wrong. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { noteHaltFile } from '../../config/index.js';
import { ballast } from './support.js';

let folder: string;
let env: NodeJS.ProcessEnv;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-cli-'));
  env = { BALLAST_STATE_DIR: folder };
  file = join(folder, 'HALT');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('[RSK-5] [CLI-1] halt and resume work with everything else down', () => {
  test('the halt file comes with its reason and goes again', async () => {
    const halted = await ballast(['halt', '--reason', 'odd fills', '--json'], { env });
    expect(JSON.parse(halted.out)).toMatchObject({ halted: null, file, files: [file] });
    expect(readFileSync(file, 'utf8')).toContain('odd fills');
    const resumed = await ballast(['resume', '--json'], { env });
    expect(JSON.parse(resumed.out)).toStrictEqual({
      ...{ halted: false, was_halted: true, files: [file] },
      lifted_pauses: null,
    });
    expect(existsSync(file)).toBe(false);
    expect((await ballast(['resume'], { env })).out).toContain('there was no halt file');
  });

  test.each([
    { MAX_QUANTITY: 'abc' },
    { TEMPORAL_ADDRESS: 'nonsense' },
    { DATABASE_URL: 'mysql://x' },
    { JWT_SECRET_FILE: '/nowhere' },
  ])('%p keeps nobody from halting, and is named', async (wrong) => {
    const name = Object.keys(wrong)[0]!;
    const halted = await ballast(['halt'], { env: { ...env, ...wrong } });
    expect(halted.code).toBe(0);
    expect(halted.err).toContain(name);
    expect(existsSync(file)).toBe(true);
    const resumed = await ballast(['resume'], { env: { ...env, ...wrong } });
    expect([resumed.code, existsSync(file)]).toEqual([0, false]);
  });

  test('a link to nowhere halts, and resume takes the link away', async () => {
    symlinkSync(join(folder, 'none', 'there'), file);
    expect((await ballast(['halt'], { env })).code).toBe(0);
    expect((await ballast(['resume'], { env })).out).toContain('resumed');
  });
});

describe('[RSK-5] halt and resume meet the engine that runs', () => {
  test('a file that only the engine was started with is the one', async () => {
    const theirs = join(folder, 'theirs', 'MYHALT');
    noteHaltFile(env, theirs);
    const halted = await ballast(['halt', '--json'], { env });
    expect(JSON.parse(halted.out)).toMatchObject({ halted: true, file: theirs, files: [theirs] });
    expect([existsSync(theirs), existsSync(file)]).toEqual([true, false]);
    expect((await ballast(['resume'], { env })).out).toContain('resumed');
    expect(existsSync(theirs)).toBe(false);
  });

  test('where this shell names another, both are written, and both go', async () => {
    const [theirs, ours] = [join(folder, 'theirs'), join(folder, 'ours')];
    noteHaltFile(env, theirs);
    const named = { ...env, HALT_FILE: ours };
    const halted = await ballast(['halt'], { env: named });
    expect(halted.out).toContain(`halted: nothing is opened while ${theirs} exists`);
    expect(halted.out).toContain('entries that wait at the broker are cancelled');
    expect(halted.err).toContain(ours);
    expect([theirs, ours].map((path) => existsSync(path))).toEqual([true, true]);
    const resumed = await ballast(['resume'], { env: named });
    expect(resumed.out).toContain(`${theirs}, ${ours}`);
    expect(resumed.out).toContain('entries that the halt cancelled do not come back');
    expect([theirs, ours].map((path) => existsSync(path))).toEqual([false, false]);
  });

  test('without an engine that is known to look at it, nothing says halted', async () => {
    const { out } = await ballast(['halt'], { env });
    expect(out).toContain(`${file} is there`);
    expect(out).toContain('not confirmed');
    expect(out).not.toMatch(/^halted|are cancelled/);
  });

  test('a file that cannot be written is a failure, and keeps no other from being written', async () => {
    const theirs = '/proc/ballast-none/HALT';
    noteHaltFile(env, theirs);
    const { code, out, err } = await ballast(['halt'], { env: { ...env, HALT_FILE: file } });
    expect([code, existsSync(file)]).toEqual([1, true]);
    expect(out).not.toMatch(/^halted/);
    expect(err).toContain(theirs);
  });

  test('one that cannot be taken away is named', async () => {
    mkdirSync(file);
    const { code, err } = await ballast(['resume'], { env });
    expect([code, existsSync(file)]).toEqual([1, true]);
    expect(err).toContain(file);
  });

  test('doctor names the file of the engine, and another that this shell names', async () => {
    const [theirs, ours] = [join(folder, 'theirs'), join(folder, 'ours')];
    noteHaltFile(env, theirs);
    await ballast(['halt', '--reason', 'odd fills'], { env });
    const { out } = await ballast(['doctor'], { env: { ...env, HALT_FILE: ours } });
    expect(out).toContain('odd fills');
    expect(out).toContain(`the engine looks at ${theirs}, HALT_FILE here names ${ours}`);
  });
});
