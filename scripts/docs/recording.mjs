/** A terminal recording as an animated picture: text that stays text, a few kilobytes, no player. */
import { stripVTControlCharacters } from 'node:util';

/** @typedef {{ atMs: number, text: string }} Chunk what a program printed, and when */
/** @typedef {{ atMs: number, text: string }} Line `text` with its colours as the terminal had them */

/** A pause in a recording is shown as this at the most: what a machine needs, nobody wants to watch. */
const PAUSE_MAX_MS = 1_200;
/** Lines that come at once are told apart by this. */
const LINE_MS = 60;
/** The last line stands that long before the picture begins anew. */
const END_MS = 8_000;

/** What a slow machine says of a step meanwhile. */
const SIGN_OF_LIFE = /^… .* goes on \(/;

const COLUMNS = 126;
const ROWS_MAX = 30;
const CHARACTER_PX = 7.85;
const LINE_PX = 18;
const PADDING_PX = 16;
const BAR_PX = 30;

/**
 * The lines of a recording, each at the instant that it was whole; longer ones are broken.
 * @param {readonly Chunk[]} chunks @returns {Line[]}
 */
export function linesOf(chunks) {
  /** @type {Line[]} */
  const lines = [];
  let rest = '';
  for (const { atMs, text } of chunks) {
    const parts = `${rest}${text}`.replace(/\r\n/g, '\n').split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) lines.push(...broken(part).map((line) => ({ atMs, text: line })));
  }
  if (rest !== '') lines.push({ atMs: chunks.at(-1)?.atMs ?? 0, text: rest });
  return inTime(lines.filter(({ text }) => !SIGN_OF_LIFE.test(text)));
}

/** @param {string} line @returns {string[]} none wider than the terminal */
function broken(line) {
  if (plainOf(line).length <= COLUMNS) return [line];
  const plain = plainOf(line);
  const parts = [];
  for (let at = 0; at < plain.length; at += COLUMNS) parts.push(plain.slice(at, at + COLUMNS));
  return parts;
}

/** @param {Line[]} lines @returns {Line[]} with pauses that can be watched */
function inTime(lines) {
  let shownMs = 0;
  let lastMs = lines[0]?.atMs ?? 0;
  return lines.map(({ atMs, text }) => {
    shownMs += Math.min(Math.max(atMs - lastMs, LINE_MS), PAUSE_MAX_MS);
    lastMs = atMs;
    return { atMs: shownMs, text };
  });
}

const ESCAPE = new RegExp(`${String.fromCharCode(27)}\\[([0-9;]*)m`, 'g');

/** @param {string} text @returns {string} without colours */
export function plainOf(text) {
  return stripVTControlCharacters(text);
}

/** Of the terminal's colours those that the command uses. */
const CLASSES = new Map([
  ...[
    ['1', 'b'],
    ['2', 'd'],
    ['31', 'r'],
    ['32', 'g'],
    ['33', 'y'],
  ],
]);

/** @param {string} text @returns {string} safe within XML, blanks kept */
function escaped(text) {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** @param {string} text a line with colours @returns {string} of `tspan`s */
function spansOf(text) {
  let colour = '';
  let at = 0;
  let spans = '';
  const add = (/** @type {string} */ part) => {
    if (part === '') return;
    spans += colour === '' ? escaped(part) : `<tspan class="${colour}">${escaped(part)}</tspan>`;
  };
  for (const match of text.matchAll(ESCAPE)) {
    add(text.slice(at, match.index));
    colour = CLASSES.get(match[1] ?? '') ?? '';
    at = match.index + match[0].length;
  }
  add(text.slice(at));
  return spans;
}

const STYLE = `
text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#d7dde4;white-space:pre}
.b{font-weight:bold}.d{fill:#8a95a3}.r{fill:#ff8b8b}.g{fill:#8fd694}.y{fill:#f0c674}.t{fill:#8a95a3}
@media (prefers-reduced-motion:reduce){*{animation:none!important}}`;

/**
 * The picture. A reader who wants no motion, and a program that shows none, sees its last screen.
 * @param {string} title @param {readonly Line[]} lines @returns {string} SVG
 */
export function svgOf(title, lines) {
  const rows = Math.min(lines.length, ROWS_MAX);
  const width = Math.ceil(COLUMNS * CHARACTER_PX + 2 * PADDING_PX);
  const height = BAR_PX + rows * LINE_PX + 2 * PADDING_PX;
  const totalMs = (lines.at(-1)?.atMs ?? 0) + END_MS;
  const hidden = Math.max(0, lines.length - rows);
  const share = (/** @type {number} */ atMs) => `${((atMs / totalMs) * 100).toFixed(3)}%`;
  const shows = lines.map(
    ({ atMs }, index) =>
      `@keyframes l${index}{0%,${share(Math.max(0, atMs - 1))}{opacity:0}${share(atMs)},100%{opacity:1}}` +
      `.l${index}{animation:l${index} ${totalMs}ms infinite}`,
  );
  const texts = lines.map(({ text }, index) => {
    const y = (index + 1) * LINE_PX - 4;
    return `<text class="l${index}" x="0" y="${y}">${spansOf(text)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">`,
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}\n${shows.join('\n')}\n${scroll(lines, rows, totalMs)}</style>`,
    `<rect width="${width}" height="${height}" rx="8" fill="#14181d"/>`,
    `<text class="t" x="${PADDING_PX}" y="20">${escaped(title)}</text>`,
    `<svg x="${PADDING_PX}" y="${BAR_PX + PADDING_PX / 2}" width="${width - 2 * PADDING_PX}" height="${rows * LINE_PX + 4}">`,
    `<g class="s" transform="translate(0 ${-hidden * LINE_PX})">`,
    ...texts,
    '</g></svg></svg>',
    '',
  ].join('\n');
}

/**
 * The lines move up when the screen is full.
 * @param {readonly Line[]} lines @param {number} rows @param {number} totalMs
 */
function scroll(lines, rows, totalMs) {
  if (lines.length <= rows) return '';
  const steps = lines.slice(rows).flatMap(({ atMs }, index) => {
    const from = `translateY(${-index * LINE_PX}px)`;
    const to = `translateY(${-(index + 1) * LINE_PX}px)`;
    const at = (/** @type {number} */ ms) => `${((ms / totalMs) * 100).toFixed(3)}%`;
    return [`${at(atMs - 1)}{transform:${from}}`, `${at(atMs)}{transform:${to}}`];
  });
  const end = `100%{transform:translateY(${-(lines.length - rows) * LINE_PX}px)}`;
  return `@keyframes s{0%{transform:translateY(0)}${steps.join('')}${end}}.s{animation:s ${totalMs}ms infinite}`;
}
