/** Commands that the documentation names exist, with the options that it gives them (OPS-7). */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Command } from 'commander';
import { COMMANDS } from '../../cli/commands/index.js';
import { projectRoot } from '../../scripts/lib/paths.mjs';

const root = projectRoot();
const pages = ['README.md', 'CHANGELOG.md'].concat(
  readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md') && !path.startsWith('decisions/'))
    .map((path) => join('docs', path)),
);
let program: Command;

beforeAll(async () => {
  program = new Command('ballast').enablePositionalOptions();
  const context = {
    io: {} as never,
    finish: () => undefined,
    wholeProgram: () => Promise.resolve(program),
  };
  for (const { load } of COMMANDS) (await load())(program, context);
});

/** What a page has its reader type: lines of its blocks, and words in its text. */
function typedIn(page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8');
  const spans = [...text.matchAll(/`(?:npx )?ballast ([^`]+)`/g)].map(([, words = '']) => words);
  const lines = [...text.matchAll(/^(?: {4})?(?:\$ )?npx ballast (.+)$/gm)].map(
    ([, words = '']) => words,
  );
  return [...spans, ...lines].map((words) => words.replace(/\s+/g, ' '));
}

/** `ballast gateway` hands everything on; what follows an ellipsis is of no one command. */
const handsOn = (command: Command) =>
  command.registeredArguments.some((argument) => argument.name() === 'flags');

/** What of it is not there; null: all of it is. */
function unknownIn(typed: string): string | null {
  const [own = ''] = typed.split(/ (?:#|\||>|<|&&|;|…)/);
  const words = own.split(' ').filter(Boolean);
  const chain: Command[] = [program];
  for (const [i, word] of words.entries()) {
    const command = chain.at(-1)!;
    if (handsOn(command)) return null;
    const [bare = ''] = word.replace(/^\[|\]$/g, '').split('=');
    const next = command.commands.find((each) => each.name() === word);
    if (/^--?[a-z]/.test(bare)) {
      const options = chain.flatMap((each) => [...each.options]);
      const isThere = options.some(({ long, short }) => long === bare || short === bare);
      if (!isThere && bare !== '--help') return bare;
    } else if (next) chain.push(next);
    else if (isCommandWanted(command, word, words[i - 1])) return word;
  }
  return null;
}

/** A word behind a command that has commands of its own, and is no value of an option. */
function isCommandWanted(command: Command, word: string, before = ''): boolean {
  const takesWord = command.registeredArguments.length > 0 || before.startsWith('-');
  return command.commands.length > 0 && !takesWord && /^[a-z][a-z-]+$/.test(word);
}

test('[OPS-7] what is not there is found', () => {
  expect(unknownIn('trade ID --json')).toBeNull();
  expect(unknownIn('trde ID')).toBe('trde');
  expect(unknownIn('trades --sttus live')).toBe('--sttus');
  expect(unknownIn('resolve nothing SYMBOL')).toBe('nothing');
});

describe('[OPS-7] what a page tells to type is there', () => {
  test.each(pages)('%s', (page) => {
    const wrong = typedIn(page)
      .map((typed) => [typed, unknownIn(typed)])
      .filter(([, why]) => why !== null);
    expect(wrong).toEqual([]);
  });
});
