/** Which halt files count, and what a command takes from the engine that runs. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  givenSettings,
  haltFileOf,
  haltFilesOf,
  isHaltFile,
  loadConfig,
  noteHaltFile,
  withRuntime,
} from '../../config/index.js';
import { projectRoot } from '../../scripts/lib/paths.mjs';
import { identify } from '../../scripts/lib/processes.mjs';
import { switchesFrom } from '../../worker/settings.js';

let folder: string;
let env: NodeJS.ProcessEnv;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-halt-'));
  env = { BALLAST_STATE_DIR: folder };
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What `npm start` of this process would leave. */
const runs = (given: NodeJS.ProcessEnv) =>
  writeFileSync(
    join(folder, 'runtime.json'),
    JSON.stringify({ supervisor: identify(), env: givenSettings(given) }),
  );

describe('[RSK-5] the halt file of the engine that runs', () => {
  test('is the one that it was started with, whatever this shell says', () => {
    const theirs = join(folder, 'MYHALT');
    const ours = join(folder, 'OTHER');
    noteHaltFile(env, theirs);
    expect(haltFilesOf(env)).toEqual({ files: [theirs], running: theirs });
    const both = haltFilesOf({ ...env, HALT_FILE: ours });
    expect(both).toEqual({ files: [theirs, ours], running: theirs });
  });

  test('still counts when npm start is dead, for its workers may live', () => {
    const theirs = join(folder, 'MYHALT');
    const supervisor = { ...identify(), started: 'long ago' };
    writeFileSync(join(folder, 'halt-file.json'), JSON.stringify({ supervisor, haltFile: theirs }));
    expect(haltFilesOf(env)).toEqual({ files: [theirs, join(folder, 'HALT')], running: null });
  });

  test('without any is the one that the environment names, as an engine would read it', () => {
    expect(haltFilesOf(env)).toEqual({ files: [join(folder, 'HALT')], running: null });
    for (const named of [{}, { HALT_FILE: ' ' }, { HALT_FILE: 'x/H' }]) {
      const whole = { ...env, ...named };
      expect(haltFileOf(whole)).toBe(loadConfig(whole).haltFile);
    }
    expect(haltFileOf({ HALT_FILE: 'x/H' })).toBe(join(projectRoot(), 'x', 'H'));
  });
});

describe('[RSK-5] a halt file is there', () => {
  test.each([
    ['as a file', (path: string) => writeFileSync(path, '')],
    ['as a folder', (path: string) => mkdirSync(path)],
    ['as a link to nowhere', (path: string) => symlinkSync(join(folder, 'nowhere'), path)],
    ['as a link to itself', (path: string) => symlinkSync(path, path)],
  ])('%s', (_name, make) => {
    const path = join(folder, 'HALT');
    const switches = switchesFrom(loadConfig(env));
    expect([isHaltFile(path), switches().haltFile]).toEqual([false, false]);
    make(path);
    expect([isHaltFile(path), switches().haltFile]).toEqual([true, true]);
  });

  test('when nobody can look', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(isHaltFile(join(folder, 'file', 'HALT'))).toBe(true);
  });
});

describe('[CLI-1] a command takes the settings of the engine that runs', () => {
  test('all that were given, and what it names itself before them', () => {
    runs({
      TEMPORAL_NAMESPACE: 'ours',
      RISK_PER_TRADE: '0.02',
      HALT_FILE: '/x/H',
      HOME: 'nowhere',
    });
    expect(
      loadConfig(withRuntime({ ...env, RISK_PER_TRADE: '0.005', HALT_FILE: '' })),
    ).toMatchObject({
      temporalNamespace: 'ours',
      riskPerTrade: '0.005',
      haltFile: '/x/H',
    });
    expect(withRuntime(env)).not.toHaveProperty('HOME');
  });

  test('a secret that comes from a file stays there, and gives way to one that is named', () => {
    const file = join(folder, 'url');
    writeFileSync(file, 'postgresql://a@b/c');
    runs({ DATABASE_URL_FILE: file });
    expect(loadConfig(withRuntime(env)).databaseUrl).toBe('postgresql://a@b/c');
    const named = { ...env, DATABASE_URL: 'postgresql://x@y/z' };
    expect(loadConfig(withRuntime(named)).databaseUrl).toBe('postgresql://x@y/z');
  });
});
