/** Plays cases one after another and holds their verdicts against what is known to be open. */
import type { Finding } from '../judge/finding.js';
import { KNOWN_OPEN, type KnownOpen } from '../known-open.js';
import { ChaosStack } from '../stack/stack.js';
import { ALL_SWITCHES } from '../stack/switches.js';
import type { Case } from './case.js';

export type CaseVerdict = 'passed' | 'failed' | 'known, open' | 'listed as open, but passes';

export interface PlayedCase {
  readonly name: string;
  readonly verdict: CaseVerdict;
  /** The defect's id, when it is known. */
  readonly id: string | null;
  readonly findings: readonly Finding[];
  readonly tookMs: number;
  /** The next case may use the same stack. */
  readonly leftWhole: boolean;
}

export interface PlayOptions {
  readonly seed: number;
  readonly say: (line: string) => void;
  /** Checkout with the engine that is judged; this one's by default. */
  readonly engineRoot?: string;
  readonly keep?: boolean;
  /** Aborted: no further case is begun. */
  readonly signal?: AbortSignal;
}

/** How a finding begins that says that the case itself failed, and not the engine. */
export const CASE_BROKE = 'the case broke';

/** The judgement of one case's findings. */
export function verdictOf(
  name: string,
  findings: readonly Finding[],
  open: readonly KnownOpen[] = KNOWN_OPEN,
): Pick<PlayedCase, 'verdict' | 'id'> {
  const known = open.find(({ cases }) => cases.includes(name));
  if (findings.length === 0) {
    return known
      ? { verdict: 'listed as open, but passes', id: known.id }
      : { verdict: 'passed', id: null };
  }
  return known ? { verdict: 'known, open', id: known.id } : { verdict: 'failed', id: null };
}

/** Plays all of them; a stack that a case left broken, or that another needs otherwise, is made anew. */
export async function playCases(
  cases: readonly Case[],
  options: PlayOptions,
): Promise<PlayedCase[]> {
  const played: PlayedCase[] = [];
  let standing: { readonly stack: ChaosStack; readonly wants: string } | null = null;
  try {
    for (const each of cases) {
      if (options.signal?.aborted) break;
      const { env = {}, switches = null, databaseDiskMb = null } = each;
      const { databaseValve = false, clock = false, also = [], cash = null } = each;
      const more = [databaseDiskMb, databaseValve, clock, also, cash];
      const wants = JSON.stringify([env, switches, ...more]);
      if (standing && standing.wants !== wants) {
        await standing.stack.stop();
        standing = null;
      }
      standing ??= { stack: await startFor(each, options), wants };
      const result = await playCase(each, standing.stack, options.say);
      played.push(result);
      options.say(caseLine(result));
      if (!result.leftWhole) {
        const keep = options.keep === true && result.findings.length > 0;
        const kept = await standing.stack.stop({ keep });
        if (kept) options.say(`kept ${kept}`);
        standing = null;
      }
    }
  } finally {
    await standing?.stack.stop();
  }
  return played;
}

function startFor(each: Case, { seed, engineRoot }: PlayOptions): Promise<ChaosStack> {
  return ChaosStack.start({
    switches: each.switches ?? ALL_SWITCHES[0]!,
    seed,
    ...(each.env ? { env: each.env } : {}),
    ...(each.clock ? { clock: true } : {}),
    ...(each.databaseValve ? { databaseValve: true } : {}),
    ...(each.also ? { also: each.also } : {}),
    ...(each.cash ? { cash: each.cash } : {}),
    ...(each.databaseDiskMb ? { databaseDiskMb: each.databaseDiskMb } : {}),
    ...(engineRoot ? { engineRoot } : {}),
  });
}

async function playCase(
  each: Case,
  stack: ChaosStack,
  tell: (line: string) => void,
): Promise<PlayedCase> {
  const startedAtMs = Date.now();
  try {
    const findings = await each.play(stack, tell);
    await stack.heal();
    const tookMs = Date.now() - startedAtMs;
    const { name, reusable: leftWhole } = each;
    return { name, ...verdictOf(name, findings), findings, tookMs, leftWhole };
  } catch (error) {
    return brokenCase(each.name, error, Date.now() - startedAtMs);
  }
}

/** What could not be played to its end has shown nothing, least of all a known defect. */
export function brokenCase(name: string, error: unknown, tookMs: number): PlayedCase {
  const told = error instanceof Error ? error.message : String(error);
  const findings: Finding[] = [{ kind: 'lost', subject: name, detail: `${CASE_BROKE}: ${told}` }];
  return { name, verdict: 'failed', id: null, findings, tookMs, leftWhole: false };
}

/** One line for people, and one for each finding. */
export function caseLine({ name, verdict, id, findings, tookMs }: PlayedCase): string {
  const seconds = (tookMs / 1_000).toFixed(1);
  const head = `case ${name} (${seconds} s): ${verdict}${id === null ? '' : ` (${id})`}`;
  const details = findings.map(({ kind, subject, detail }) => `    ${kind} ${subject}: ${detail}`);
  return [head, ...details].join('\n');
}

/** Whether a session with these results has failed: by news, or by a list that says too much. */
export function hasFailed(played: readonly PlayedCase[]): boolean {
  return played.some(
    ({ verdict }) => verdict === 'failed' || verdict === 'listed as open, but passes',
  );
}
