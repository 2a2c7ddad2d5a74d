/** What one world showed otherwise than the other, in the same case. */
import type { CaseResult } from './case.js';

export interface Divergence {
  readonly number: string;
  readonly title: string;
  /** What was seen otherwise; `the rules` where one side broke a rule of the suite. */
  readonly observation: string;
  readonly first: string;
  readonly second: string;
}

/** What stands for an observation that one side did not make. */
const NOT_SEEN = '(not seen)';

/**
 * Compares the results of one case in two worlds. A rule that broke in both is told as well: the adapter
 * doesn't hold it. Of a case that broke only what both saw is compared.
 */
export function divergencesOf(first: CaseResult, second: CaseResult): Divergence[] {
  const { number, title } = first;
  const isBroken = first.outcome === 'broken' || second.outcome === 'broken';
  const rules =
    first.outcome === second.outcome && !isBroken
      ? []
      : [{ number, title, observation: 'the rules', ...sides(inWords(first), inWords(second)) }];
  return [...rules, ...observationsOf(first, second, isBroken)];
}

function observationsOf(first: CaseResult, second: CaseResult, isBroken: boolean): Divergence[] {
  const { number, title } = first;
  const byName = (result: CaseResult) =>
    new Map(result.observations.map(({ name, value }) => [name, value]));
  const [ofFirst, ofSecond] = [byName(first), byName(second)];
  const names = [...new Set([...ofFirst.keys(), ...ofSecond.keys()])];
  return names
    .filter((name) => ofFirst.get(name) !== ofSecond.get(name))
    .filter((name) => !isBroken || (ofFirst.has(name) && ofSecond.has(name)))
    .map((observation) => ({
      ...{ number, title, observation },
      ...sides(ofFirst.get(observation) ?? NOT_SEEN, ofSecond.get(observation) ?? NOT_SEEN),
    }));
}

function sides(first: string, second: string): Pick<Divergence, 'first' | 'second'> {
  return { first, second };
}

function inWords({ outcome, why }: CaseResult): string {
  return why === '' ? outcome : `${outcome}: ${why}`;
}
