/** `--mutants`: the unpatched engine must pass the promise cases, and each mutant must fail its own. */
import type { Case } from '../cases/case.js';
import { CASES } from '../cases/index.js';
import { CASE_BROKE, playCases, type PlayedCase, type PlayOptions } from '../cases/play.js';
import { KNOWN_OPEN } from '../known-open.js';
import { copyWith } from './copy.js';
import { MUTANTS } from './index.js';
import type { Catch, Mutant } from './mutant.js';

export type MutantOptions = Pick<PlayOptions, 'seed' | 'keep' | 'say'>;

export interface JudgedMutant {
  readonly name: string;
  readonly isCaught: boolean;
  /** By which case, with which finding; or why it counts as not caught. */
  readonly how: string;
}

/** The mutants of these names, or whose name begins so; all when none is named. */
export function chosenMutants(names: readonly string[]): readonly Mutant[] {
  return MUTANTS.filter(
    ({ name }) => names.length === 0 || names.some((asked) => name.startsWith(asked)),
  );
}

/**
 * Plays the control, then each mutant, and prints a table.
 * @param stopping aborted: no further mutant is begun
 * @returns whether the control passed and every mutant was caught
 */
export async function playMutants(
  mutants: readonly Mutant[],
  options: MutantOptions,
  stopping: AbortSignal,
): Promise<boolean> {
  const { say } = options;
  const wanted = new Set(mutants.flatMap(({ caughtBy }) => caughtBy.map((each) => each.case)));
  const open = new Set(KNOWN_OPEN.flatMap(({ cases }) => cases));
  const control = CASES.filter(({ name }) => wanted.has(name) && !open.has(name));
  say(`the engine as it is: ${control.length} cases`);
  const played = await playCases(control, options);
  const failed = played.filter(({ verdict }) => verdict !== 'passed').map(({ name }) => name);
  const judged: JudgedMutant[] = [];
  const unplayed = { isCaught: false, how: 'was not played: stopped' };
  for (const mutant of mutants) {
    const { name } = mutant;
    judged.push(stopping.aborted ? { name, ...unplayed } : await playMutant(mutant, options));
  }
  process.stdout.write(`\n${mutantTable(judged, failed)}\n`);
  return failed.length === 0 && judged.every(({ isCaught }) => isCaught);
}

async function playMutant(mutant: Mutant, options: MutantOptions): Promise<JudgedMutant> {
  const { name, breaks, caughtBy } = mutant;
  options.say(`mutant ${name}: ${breaks}`);
  try {
    const played = await playAgainst(mutant, options);
    return { name, ...caught(caughtBy, played) };
  } catch (error) {
    return { name, isCaught: false, how: `was not played: ${String(error)}` };
  }
}

async function playAgainst(mutant: Mutant, options: MutantOptions): Promise<PlayedCase[]> {
  const cases = casesOf(mutant);
  const copy = await copyWith(mutant);
  try {
    return await playCases(cases, { ...options, engineRoot: copy.root });
  } finally {
    copy.remove();
  }
}

/** @throws Error when there is no such case */
function casesOf({ caughtBy }: Mutant): Case[] {
  return caughtBy.map((each) => {
    const found = CASES.find(({ name }) => name === each.case);
    if (!found) throw new Error(`there is no case ${each.case}`);
    return found;
  });
}

/** Every case must have found what it is there for; a case that broke has found nothing. Pure. */
export function caught(
  caughtBy: readonly Catch[],
  played: readonly Pick<PlayedCase, 'name' | 'findings'>[],
): Omit<JudgedMutant, 'name'> {
  const words = caughtBy.map((wanted) => {
    const findings = played.find(({ name }) => name === wanted.case)?.findings ?? [];
    const real = findings.filter(({ detail }) => !detail.startsWith(CASE_BROKE));
    const fits = real.find(
      ({ kind, subject }) => kind === wanted.kind && subject === (wanted.subject ?? subject),
    );
    if (fits) return { isCaught: true, how: `${wanted.case}: ${fits.kind} (${fits.detail})` };
    const instead = findings.map(({ kind, detail }) => `${kind} (${detail})`).join('; ');
    return {
      isCaught: false,
      how: `${wanted.case} found no ${wanted.kind}, but ${instead || 'nothing'}`,
    };
  });
  return {
    isCaught: words.every(({ isCaught }) => isCaught),
    how: words.map(({ how }) => how).join('; '),
  };
}

/** One line for each mutant, and one for the control. Pure. */
export function mutantTable(
  judged: readonly JudgedMutant[],
  failedControl: readonly string[],
): string {
  const names = ['mutant', 'unpatched', ...judged.map(({ name }) => name)];
  const width = Math.max(...names.map(({ length }) => length)) + 2;
  const line = (first: string, rest: string) => `${first.padEnd(width)}${rest}`;
  const control = failedControl.length === 0 ? 'passed' : `FAILED: ${failedControl.join(', ')}`;
  return [
    line('mutant', 'caught by'),
    line('unpatched', control),
    ...judged.map(({ name, isCaught, how }) =>
      line(name, `${isCaught ? '' : 'NOT CAUGHT: '}${how}`),
    ),
  ].join('\n');
}
