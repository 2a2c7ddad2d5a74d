/** Completion, by a real shell where there is one. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ballast } from './support.js';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-completion-'));
  const { out, code } = await ballast(['completion', 'bash']);
  expect(code).toBe(0);
  writeFileSync(join(folder, 'bash'), out);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What bash offers for the last of the words. */
function offered(...words: string[]): string[] {
  const script = [
    `source ${join(folder, 'bash')}`,
    `COMP_WORDS=(ballast ${words.map((word) => `'${word}'`).join(' ')})`,
    `COMP_CWORD=${words.length}`,
    '_ballast',
    'printf "%s\\n" "${COMPREPLY[@]}"',
  ].join('\n');
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).split('\n').filter(Boolean);
}

test('[CLI-1] bash completes commands, their commands, and options', () => {
  expect(offered('pos')).toEqual(['positions']);
  expect(offered('trades', '--st')).toEqual(['--status', '--strategy']);
  expect(offered('resolve', 'sp')).toEqual(['split']);
  expect(offered('resolve', 'split', '--ra')).toEqual(['--ratio']);
  expect(offered('signal', 'no-such-file')).toEqual([]);
});

test('[CLI-1] zsh and fish have scripts of the same words; another shell is refused', async () => {
  const zsh = await ballast(['completion', 'zsh']);
  expect(zsh.out).toContain('bashcompinit');
  const fish = await ballast(['completion', 'fish']);
  expect(fish.out).toContain(
    "complete -c ballast -n '__fish_seen_subcommand_from resolve; and __fish_seen_subcommand_from split' -l ratio",
  );
  expect((await ballast(['completion', 'ksh'])).code).toBe(2);
});
