/** Completion, by a real shell where there is one. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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

test('[CLI-1] bash completes the values that --help lists, of options and of arguments', () => {
  expect(offered('trades', '--status', 'l')).toEqual(['live']);
  expect(offered('trades', '--status', '--js')).toEqual([]);
  expect(offered('trades', '--json', '--status', 'en')).toContain('ended');
  expect(offered('trades', '--status', 'live', '--js')).toEqual(['--json']);
  expect(offered('mode', 'RED')).toEqual(['REDUCING']);
  expect(offered('completion', '')).toEqual(expect.arrayContaining(['bash', 'zsh', 'fish']));
  expect(offered('mcp', '--print-config', '')).toEqual(
    expect.arrayContaining(['claude-code', '--allow-trading']),
  );
  expect(offered('signal', '--wait', '')).not.toContain('--json');
  expect(offered('session', 'revoke', '--all', 'to')).toEqual(['token']);
});

/** Whether that shell is installed here: it is no part of Ballast. */
const isThere = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0;

/** The lines that a shell prints, each up to what stands behind it as its description. */
function printed(shell: string, args: readonly string[]): string[] {
  const env = { ...process.env, HOME: folder };
  const out = execFileSync(shell, args, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 2] });
  return out.split('\n').flatMap((line) => line.split('\t')[0] || []);
}

const PLAYED: [string[], string[]][] = [
  [['pos'], ['positions']],
  [
    ['trades', '--st'],
    ['--status', '--strategy'],
  ],
  [['resolve', 'sp'], ['split']],
  [['resolve', 'split', '--ra'], ['--ratio']],
  [
    ['hook', ''],
    ['create', 'list', 'revoke', 'test'],
  ],
  [['hook', 'list', '--js'], ['--json']],
  [['trades', '--status', 'li'], ['live']],
  [['mode', 'RED'], ['REDUCING']],
  [['hook', 'list', 'cre'], []],
];

(isThere('fish') ? test : test.skip)(
  '[CLI-1] fish completes the same, and describes it',
  async () => {
    const file = join(folder, 'ballast.fish');
    writeFileSync(file, (await ballast(['completion', 'fish'])).out);
    for (const [words, expected] of PLAYED) {
      const line = ['ballast', ...words].join(' ');
      const found = printed('fish', ['-c', `cd ${folder}; source ${file}; complete -C '${line}'`]);
      const files = readdirSync(folder);
      expect([line, found.filter((word) => !files.includes(word))]).toEqual([line, expected]);
    }
  },
);

(isThere('zsh') ? test : test.skip)(
  '[CLI-1] zsh completes the same, without a .zshrc',
  async () => {
    const file = join(folder, 'ballast.zsh');
    writeFileSync(file, (await ballast(['completion', 'zsh'])).out);
    for (const [words, expected] of PLAYED) {
      const line = ['ballast', ...words.map((word) => `'${word}'`)].join(' ');
      const place = words.length;
      const script = [
        `source ${file}`,
        `COMP_WORDS=(${line}) COMP_CWORD=${place} CURRENT=${place + 1}`,
        `compgen -F _ballast -- '${words.at(-1)}'`,
      ].join('\n');
      // What stands in COMPREPLY; zsh itself takes of it what begins as the word does.
      const found = printed('zsh', ['-f', '-c', script]).filter(
        (word) => word.startsWith(words.at(-1)!) && (words.at(-1) !== '' || !word.startsWith('--')),
      );
      expect([line, found.sort()]).toEqual([line, expected]);
    }
  },
);

test('[CLI-1] zsh and fish have scripts of the same words; another shell is refused', async () => {
  const zsh = await ballast(['completion', 'zsh']);
  expect(zsh.out).toContain('bashcompinit');
  // What zsh takes for a modifier, and not for a number.
  expect(zsh.out).not.toMatch(/:\d+:[A-Z]/);
  const fish = await ballast(['completion', 'fish']);
  expect(fish.out).toContain("complete -c ballast -n '__ballast_at resolve split' -l ratio");
  expect((await ballast(['completion', 'ksh'])).code).toBe(2);
});
