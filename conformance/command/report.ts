/** What the command prints. */
import type { CaseResult } from '../case.js';
import type { Divergence } from '../compare.js';

/** One case as it was played on both sides. */
export interface Played {
  readonly paper: CaseResult;
  readonly account: CaseResult;
  readonly divergences: readonly Divergence[];
}

/** A line per case, and below it what differs; with `verbose` also what doesn't. */
export function caseLines({ paper, account, divergences }: Played, verbose: boolean): string[] {
  const { number, title } = paper;
  const differing = new Set(divergences.map(({ observation }) => observation));
  const same = account.observations.filter(({ name }) => !differing.has(name));
  return [
    `${number} ${title}: ${verdictOf(paper, account, divergences)}`,
    ...divergences.flatMap(({ observation, first, second }) => [
      `     ${observation}`,
      `       the paper gateway says: ${first}`,
      `       the account says:       ${second}`,
    ]),
    ...(verbose ? same.map(({ name, value }) => `     ${name}: ${value}`) : []),
    ...account.left.map((what) => `     LEFT BEHIND: ${what}`),
  ];
}

function verdictOf(
  paper: CaseResult,
  account: CaseResult,
  divergences: readonly Divergence[],
): string {
  if (divergences.length > 0) {
    return divergences.length === 1 ? '1 divergence' : `${divergences.length} divergences`;
  }
  if (account.outcome === 'held') return 'the same';
  const why = account.why || paper.why;
  return `${account.outcome} (${why})`;
}

/** The end: what was compared, what could not be, and what a person must clear away. */
export function summaryLines(played: readonly Played[], left: readonly string[]): string[] {
  const compared = played.filter(({ account }) => {
    return account.outcome === 'held' || account.outcome === 'broken';
  });
  const others = played.filter((one) => !compared.includes(one));
  const count = played.reduce((sum, { divergences }) => sum + divergences.length, 0);
  return [
    '',
    `${compared.length} cases compared, ${count === 0 ? 'no divergence' : `${count} divergences`}`,
    ...reasons(others),
    ...(left.length === 0 ? [] : ['left behind, clear it away by hand:']),
    ...left.map((what) => `  ${what}`),
  ];
}

/** Cases that were not played, by the reason. */
function reasons(others: readonly Played[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const { account } of others) {
    const reason = `${account.outcome}, ${account.why}`;
    byReason.set(reason, [...(byReason.get(reason) ?? []), account.number]);
  }
  return [...byReason].map(([reason, numbers]) => `${reason}: ${numbers.join(' ')}`);
}
