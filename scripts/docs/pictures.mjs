/** Terminal recordings of the running system: what is played, and how it becomes pictures and pages. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { linesOf, plainOf, svgOf } from './recording.mjs';

/** @typedef {import('./recording.mjs').Chunk} Chunk */
/** @typedef {{ argv: string[], input?: object } | { control: string, body: object } | { pauseMs: number }} Step */
/** @typedef {{ name: string, title: string, steps: Step[] }} Scene */

/** Where the pictures are kept, and the page that shows them. */
export const PICTURES_FOLDER = 'docs/pictures';
export const RECORDINGS_PAGE = 'docs/recordings.md';

const signal = (/** @type {Record<string, string>} */ fields) => ({
  strategy_id: 'recorded',
  side: 'BUY',
  ...fields,
});

/** What is played on the system that `npm start` has brought up, after that start itself. */
export const SCENES = /** @type {Scene[]} */ ([
  {
    name: 'doctor',
    title: 'npx ballast doctor',
    steps: [{ argv: ['doctor'] }],
  },
  {
    name: 'preview',
    title: 'what a signal would come to, before anything is sent',
    steps: [
      {
        argv: ['preview', 'symbol=MSFT', 'side=BUY', 'stop_loss_pct=0.02', 'take_profit_pct=0.05'],
      },
    ],
  },
  {
    name: 'protected',
    title: 'somebody cancels the stop at the broker',
    steps: [
      {
        argv: ['signal', '-', '--wait', 'fill'],
        input: signal({ id: 'recorded-1', symbol: 'KO', stop_loss_pct: '0.03', quantity: '100' }),
      },
      { pauseMs: 3_000 },
      { argv: ['positions'] },
      { control: '/faults', body: { name: 'manual-cancel', role: 'stop', symbol: 'KO' } },
      { pauseMs: 8_000 },
      { argv: ['trade', 'recorded-1'] },
      { argv: ['positions'] },
    ],
  },
  {
    name: 'halt',
    title: 'a halt: nothing new is opened, what is open stays protected',
    steps: [
      { argv: ['halt', '--reason', 'news'] },
      {
        argv: ['signal', '-', '--wait', 'verdict'],
        input: signal({ id: 'recorded-2', symbol: 'IBM', stop_loss_pct: '0.03' }),
      },
      { argv: ['mode'] },
      { argv: ['positions'] },
      { argv: ['resume'] },
      { argv: ['close', 'recorded-1'] },
    ],
  },
]);

/**
 * Takes from what was printed what speaks of this machine.
 * @param {string} text @param {readonly string[]} folders absolute, the longest first
 */
export function withoutMachine(text, folders) {
  let clean = text;
  for (const folder of folders) clean = clean.replaceAll(`${folder}/`, '').replaceAll(folder, '.');
  return clean.replace(/\bcli:[a-z0-9_.-]+@?[a-z0-9_.-]*/gi, 'cli:you');
}

/**
 * Writes a recording's picture, and its transcript into the page.
 * @param {string} root @param {{ name: string, title: string }} scene @param {readonly Chunk[]} chunks
 */
export function keepRecording(root, { name, title }, chunks) {
  const lines = linesOf(chunks);
  mkdirSync(join(root, PICTURES_FOLDER), { recursive: true });
  writeFileSync(join(root, PICTURES_FOLDER, `${name}.svg`), svgOf(title, lines));
  const file = join(root, RECORDINGS_PAGE);
  const transcript = lines.map(({ text }) => plainOf(text).trimEnd()).join('\n');
  writeFileSync(file, withTranscript(readFileSync(file, 'utf8'), name, transcript));
}

/**
 * @param {string} page @param {string} name of the recording @param {string} transcript
 * @throws Error when the page has no place for it
 */
export function withTranscript(page, name, transcript) {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${RECORDINGS_PAGE} lacks ${start} … ${end}`);
  const block = `\`\`\`txt\n${transcript}\n\`\`\``;
  return `${page.slice(0, from)}${start}\n\n${block}\n\n${page.slice(to)}`;
}
