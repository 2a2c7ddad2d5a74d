/** Each symptom of docs/troubleshooting.md is provoked, is what the page shows, and goes by the page's remedy. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { projectRoot } from '../../scripts/lib/paths.mjs';
import type { TestStack } from '../support/stack.js';
import { CONNECTING } from './symptoms/connecting.js';
import { ENTRIES } from './symptoms/entries.js';
import { HELD } from './symptoms/held.js';
import { PARTS } from './symptoms/parts.js';
import { openStage, type Scene, type Stage } from './symptoms/stage.js';

/** A scene restarts a process at the most, on cores that are busy with other tests. */
const SCENE_LIMIT_MS = 120_000;

/** Each by itself: none needs another to have been played. */
const SCENES: Readonly<Record<string, Scene>> = { ...ENTRIES, ...CONNECTING, ...HELD, ...PARTS };

const page = readFileSync(join(projectRoot(), 'docs/troubleshooting.md'), 'utf8');
const sections = new Map(
  [...page.matchAll(/^### (.+)\n([\s\S]*?)(?=^##|$(?![\s\S]))/gm)].map(
    ([, title = '', text = '']) => [title, text],
  ),
);

let stack: TestStack;
let newStage: () => Stage;
beforeAll(async () => {
  ({ stack, stage: newStage } = await openStage());
}, 120_000);
afterAll(async () => {
  await stack?.stop();
}, 60_000);

test('[OPS-7] every symptom of the page is played, and no other', () => {
  expect([...sections.keys()].sort()).toEqual(Object.keys(SCENES).sort());
});

test.each(Object.keys(SCENES))(
  '[OPS-7] %s',
  async (title) => {
    const stage = newStage();
    await SCENES[title]!(stage).catch((error: unknown) => {
      throw new Error(`${String(error)}\nuntil then was seen:\n${stage.seen()}`);
    });
    if (process.env['PRINT']) console.log(`=== ${title}\n${stage.seen()}`);
    const section = sections.get(title) ?? '';
    const seen = inOneLine(stage.seen());
    for (const line of shownBy(section)) expect(seen).toMatch(patternOf(line));
    const ran = stage.ran();
    for (const command of commandsOf(section)) {
      expect(ran.filter((given) => given.startsWith(command))).not.toEqual([]);
    }
  },
  SCENE_LIMIT_MS,
);

/** What the page says is to be seen: its lines of code by indentation. */
function shownBy(section: string): string[] {
  return section
    .split('\n')
    .filter((line) => /^ {4}\S/.test(line))
    .map(inOneLine);
}

/** `…` stands for anything. */
function patternOf(line: string): RegExp {
  const parts = line.split('…').map((part) => part.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(parts.join('.*?'));
}

const inOneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** The commands of the remedy's code blocks, as far as their own words go: `resolve quarantine`. */
function commandsOf(section: string): string[] {
  const blocks = [...section.matchAll(/^```\n([\s\S]*?)^```/gm)].map(([, block = '']) => block);
  return blocks.flatMap((block) =>
    [...block.matchAll(/^npx ballast ((?:[a-z-]+ ?)+)/gm)].map(([, words = '']) =>
      words.replace(/ -.*$/, '').trim(),
    ),
  );
}
