/** Terminal recordings: what a program printed becomes a picture and a transcript, without this machine in it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import {
  PICTURES_FOLDER,
  SCENES,
  withoutMachine,
  withTranscript,
} from '../../scripts/docs/pictures.mjs';
import { linesOf, plainOf, svgOf } from '../../scripts/docs/recording.mjs';
import { projectRoot } from '../../scripts/lib/paths.mjs';

test('chunks become whole lines in their order, with pauses that can be watched', () => {
  const lines = linesOf([
    { atMs: 0, text: 'one\ntw' },
    { atMs: 60_000, text: 'o\r\nthree' },
  ]);
  expect(lines.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
  const times = lines.map(({ atMs }) => atMs);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(times.at(-1)).toBeLessThan(3_000);
});

test('a line that is wider than the terminal is broken', () => {
  const lines = linesOf([{ atMs: 0, text: `${'x'.repeat(250)}\n` }]);
  expect(lines.map(({ text }) => text.length)).toEqual([126, 124]);
});

test('the picture is text with the colours of the terminal, escaped, and still where no motion is wanted', () => {
  const svg = svgOf('a & b', [{ atMs: 1, text: '\u001b[31m<red>\u001b[0m plain' }]);
  expect(svg).toContain('<tspan class="r">&lt;red&gt;</tspan> plain');
  expect(svg).toContain('<title>a &amp; b</title>');
  expect(svg).toContain('prefers-reduced-motion');
  expect(plainOf('\u001b[31mred\u001b[0m')).toBe('red');
});

test('more lines than the screen has scroll, and the last screen stands without motion', () => {
  const lines = Array.from({ length: 40 }, (_, index) => ({ atMs: index * 100, text: `${index}` }));
  expect(svgOf('t', lines)).toContain('translate(0 -180)');
});

test('nothing of the machine is kept', () => {
  const text = 'log: /x/y/.ballast/a.log at /x/y by cli:anna@host1';
  expect(withoutMachine(text, ['/x/y'])).toBe('log: .ballast/a.log at . by cli:you');
});

test('a transcript takes its place on the page, again and again', () => {
  const page = 'before\n<!-- a -->\n<!-- /a -->\nafter\n';
  const once = withTranscript(page, 'a', '$ one');
  expect(withTranscript(once, 'a', '$ one')).toBe(once);
  expect(once).toContain('```txt\n$ one\n```');
  expect(() => withTranscript(page, 'b', '')).toThrow('lacks <!-- b -->');
});

test.each(['start', ...SCENES.map(({ name }) => name)])(
  '[OPS-7] the recording "%s" is there, and its text stands on the page',
  (name) => {
    const svg = readFileSync(join(projectRoot(), PICTURES_FOLDER, `${name}.svg`), 'utf8');
    expect(svg).toContain('<svg ');
    const page = readFileSync(join(projectRoot(), 'docs/recordings.md'), 'utf8');
    const part = page.slice(page.indexOf(`<!-- ${name} -->`), page.indexOf(`<!-- /${name} -->`));
    expect(part).toMatch(/```txt\n\$ /);
  },
);
