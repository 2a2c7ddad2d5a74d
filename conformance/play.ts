/** Plays cases in a world, one after the other; each on a connection of its own, and tidied up after. */
import { BrokenRule, CannotPlay, supports } from './case.js';
import type { Case, CaseResult, Outcome, World } from './case.js';
import { Desk } from './desk.js';
import { tidyUp } from './tidy.js';

/** A case that takes longer hangs: its waits are bounded one by one, and a case has a dozen at most. */
const CASE_MAX_MS = 120_000;

/**
 * Plays the cases that the broker and the world are able to; the others are told with the reason.
 * @param said called with each result as it comes.
 * @param isStopped asked before each case.
 */
export async function playSuite(
  cases: readonly Case[],
  world: World,
  said: (result: CaseResult) => void = () => undefined,
  isStopped: () => boolean = () => false,
): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const one of cases) {
    if (isStopped()) break;
    const result = await playCase(one, world);
    said(result);
    results.push(result);
  }
  return results;
}

/** Plays one case. Never rejects: what goes wrong is its result. */
export async function playCase(one: Case, world: World): Promise<CaseResult> {
  const lacking = one.abilities.find((ability) => !world.abilities.has(ability));
  if (lacking !== undefined) return resultOf(one, 'not possible here', `it needs: ${lacking}`);
  const desk = new Desk(world, tagOf(one));
  const missing = one.needs.find((need) => !supports(desk.port.capabilities, need));
  if (missing !== undefined) {
    await desk.port.close();
    return resultOf(one, 'not supported', `the broker has no ${missing}`);
  }
  const end = await runCase(one, desk);
  await desk.port.close();
  const left = await tidyUp(world, tagOf(one));
  return { ...resultOf(one, end.outcome, end.why), observations: [...desk.notes], left };
}

/** What a case's references begin with, behind the run's. */
export function tagOf({ number }: Case): string {
  return number.toLowerCase().replace('-', '');
}

interface End {
  readonly outcome: Outcome;
  readonly why: string;
}

async function runCase(one: Case, desk: Desk): Promise<End> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    const told = `it had not ended after ${CASE_MAX_MS} ms`;
    timer = setTimeout(() => reject(new BrokenRule(told)), CASE_MAX_MS);
  });
  try {
    await desk.world.controls?.calm();
    await Promise.race([desk.open().then(() => one.play(desk)), tooLong]);
    return { outcome: 'held', why: '' };
  } catch (error) {
    const told = error instanceof Error ? error : new Error(String(error));
    if (told instanceof CannotPlay) return { outcome: 'not possible here', why: told.message };
    const isRule = told instanceof BrokenRule;
    return { outcome: 'broken', why: isRule ? told.message : `${told.name}: ${told.message}` };
  } finally {
    clearTimeout(timer);
  }
}

function resultOf({ number, title }: Case, outcome: Outcome, why: string): CaseResult {
  return { number, title, outcome, why, observations: [], left: [] };
}
