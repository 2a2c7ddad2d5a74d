/** What a browser calls itself, in two words for people. It may say what it likes: nothing is decided by it. */

/** The first that is found: many call themselves by several names, the most special one is looked for first. */
const BROWSERS = [
  ['Edge', /\bEdg/],
  ['Opera', /\bOPR\//],
  ['Firefox', /\b(Firefox|FxiOS)\//],
  ['Chrome', /\b(Headless)?Chrom(e|ium)\/|\bCriOS\//],
  ['Safari', /\bSafari\//],
] as const;
const SYSTEMS = [
  ['Android', /Android/],
  ['iPhone', /iPhone/],
  ['iPad', /iPad/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X/],
  ['Linux', /Linux/],
] as const;

const UNKNOWN = 'A browser';

/** `Firefox on Windows`; what is not known is not told. */
export function browserWord(said: string | null): string {
  if (said === null) return UNKNOWN;
  const [browser] = BROWSERS.find(([, pattern]) => pattern.test(said)) ?? [UNKNOWN];
  const [system] = SYSTEMS.find(([, pattern]) => pattern.test(said)) ?? [null];
  return system === null ? browser : `${browser} on ${system}`;
}
