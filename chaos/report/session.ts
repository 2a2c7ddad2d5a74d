/** What a session came to: tables of hits, times, verdicts, useful work, and how to repeat what failed. */
import { FINDING_KINDS, type Finding, type FindingKind } from '../judge/finding.js';
import { KNOWN_OPEN, knownAs } from '../known-open.js';
import type { RunResult } from '../run.js';
import { percentile } from '../../bench/statistics.js';

/** PRF-2: of the signals filled and closed. */
const USEFUL_GOAL = 0.95;
/** Fewer runs than this may have drawn the few disturbances that are meant to keep trades from entering. */
const GOAL_RUNS_MIN = 20;
/** While this is open, signals are denied for outages of seconds, and the goal is only told. */
const KEEPS_FROM_GOAL = 'T19';
/** PRF-2: so often each disturbance at the least. */
const HITS_GOAL = 3;

export interface Sorted {
  readonly known: readonly { readonly finding: Finding; readonly id: string }[];
  readonly news: readonly Finding[];
}

/** A run's findings, those that are known to be open apart. */
export function sorted(result: RunResult): Sorted {
  const names = result.plan.disturbances.map(({ name }) => name);
  const known: { finding: Finding; id: string }[] = [];
  const news: Finding[] = [];
  for (const finding of result.findings) {
    const found = knownAs(finding, names);
    if (found) known.push({ finding, id: found.id });
    else news.push(finding);
  }
  return { known, news };
}

/** One line while the session goes on. */
export function progressLine(result: RunResult, total: number): string {
  const { plan, tookMs, useful, wanted } = result;
  const { known, news } = sorted(result);
  const names = plan.disturbances.map(({ name }) => name).join(' + ');
  const missed = plan.disturbances.filter(({ name }) => !result.happened.has(name));
  const end = [
    news.length > 0 ? `FAILED: ${kindsOf(news)}` : known.length > 0 ? 'known, open' : 'ok',
    ...(known.length > 0 ? [`known: ${[...new Set(known.map(({ id }) => id))].join(', ')}`] : []),
    ...(missed.length > 0 ? [`${missed.map(({ name }) => name).join(', ')} met no event`] : []),
  ];
  const seconds = (tookMs / 1_000).toFixed(1).padStart(5);
  return `run ${String(plan.run).padStart(3)}/${total} ${seconds} s  ${useful}/${wanted} useful  ${names}: ${end.join('; ')}`;
}

/** What a run was found guilty of, and how to repeat it: told at once, for a session may be ended. */
export function newsLines(result: RunResult, again: string): string[] {
  const { news } = sorted(result);
  if (news.length === 0) return [];
  return [...news.map(findingLine), `    again: ${again}`];
}

function findingLine({ kind, subject, detail }: Finding): string {
  return `    ${kind}${subject === '' ? '' : ` ${subject}`}: ${detail}`;
}

function kindsOf(findings: readonly Finding[]): string {
  const counts = new Map<FindingKind, number>();
  for (const { kind } of findings) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${count} × ${kind}`).join(', ');
}

/** The whole report; `repeat` gives the command that plays one run again. */
export function sessionReport(
  results: readonly RunResult[],
  asked: number,
  repeat: (run: number) => string,
): string {
  return [
    hitsTable(results),
    timesTable(results),
    verdictTable(results),
    usefulLine(results),
    failures(results, asked, repeat),
  ].join('\n\n');
}

function hitsTable(results: readonly RunResult[]): string {
  const steps = new Set<string>();
  const rows = new Map<string, Map<string, number>>();
  const happened = new Map<string, number>();
  for (const result of results) {
    for (const name of result.happened) happened.set(name, (happened.get(name) ?? 0) + 1);
    for (const [key, count] of result.struck) {
      const [name = '', step = ''] = key.split(' × ');
      steps.add(step);
      const row = rows.get(name) ?? new Map<string, number>();
      row.set(step, (row.get(step) ?? 0) + count);
      rows.set(name, row);
    }
  }
  const columns = [...steps].sort();
  const width = Math.max(12, ...[...rows.keys()].map((name) => name.length));
  const line = (name: string, cells: readonly string[]) =>
    `  ${name.padEnd(width)}  ${cells.map((cell) => cell.padStart(10)).join('')}`;
  const body = [...rows]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, row]) =>
      line(name, [
        String(happened.get(name) ?? 0),
        ...columns.map((step) => String(row.get(step) ?? '')),
      ]),
    );
  const rare = [...rows.keys()].filter((name) => (happened.get(name) ?? 0) < HITS_GOAL);
  return [
    'disturbance × step of the trades in flight when it struck',
    line('', ['happened', ...columns.map((step) => step.slice(0, 9))]),
    ...body,
    `  ${rows.size} kinds; ${rare.length} of them happened fewer than ${HITS_GOAL} times`,
  ].join('\n');
}

function timesTable(results: readonly RunResult[]): string {
  const byFamily = new Map<string, number[]>();
  for (const { plan, resolveMs } of results) {
    const { family } = plan.disturbances[0]!;
    byFamily.set(family, [...(byFamily.get(family) ?? []), ...resolveMs]);
  }
  const all = [...byFamily.values()].flat();
  const row = (name: string, times: readonly number[]) =>
    `  ${name.padEnd(12)} p50 ${inSeconds(times, 0.5)}  p99 ${inSeconds(times, 0.99)}  of ${times.length} trades`;
  return [
    'time from the last disturbance to the settled trade',
    ...[...byFamily].map(([family, times]) => row(family, times)),
    row('all', all),
  ].join('\n');
}

function inSeconds(timesMs: readonly number[], share: number): string {
  if (timesMs.length === 0) return '    –  ';
  return `${(percentile(timesMs, share) / 1_000).toFixed(1).padStart(5)} s`;
}

function verdictTable(results: readonly RunResult[]): string {
  const rows = (Object.keys(FINDING_KINDS) as FindingKind[]).map((kind) => {
    const known = results
      .flatMap((result) => sorted(result).known)
      .filter((k) => k.finding.kind === kind);
    const news = results.flatMap((result) => sorted(result).news).filter((f) => f.kind === kind);
    const open = known.length > 0 ? `, and ${known.length} known, open` : '';
    return `  ${kind.padEnd(12)} ${String(news.length).padStart(4)}${open}   ${FINDING_KINDS[kind]}`;
  });
  return ['verdicts', ...rows].join('\n');
}

/** Whether a session of all disturbances did less useful work than is asked; never while that is known. */
export function isShortOfGoal(
  results: readonly RunResult[],
  known: readonly { readonly id: string }[] = KNOWN_OPEN,
): boolean {
  if (results.length < GOAL_RUNS_MIN || known.some(({ id }) => id === KEEPS_FROM_GOAL))
    return false;
  return usefulShare(results).share < USEFUL_GOAL;
}

function usefulShare(results: readonly RunResult[]) {
  const useful = results.reduce((total, result) => total + result.useful, 0);
  const wanted = results.reduce((total, result) => total + result.wanted, 0);
  return { useful, wanted, share: wanted === 0 ? 1 : useful / wanted };
}

function usefulLine(results: readonly RunResult[]): string {
  const { useful, wanted, share } = usefulShare(results);
  const goal = share >= USEFUL_GOAL ? 'within' : 'short of';
  return `useful work: ${useful} of ${wanted} signals filled and closed, ${(share * 100).toFixed(1)} % (${goal} the goal of ${USEFUL_GOAL * 100} %)`;
}

function failures(
  results: readonly RunResult[],
  asked: number,
  repeat: (run: number) => string,
): string {
  const lines = results.flatMap((result) => {
    const { known, news } = sorted(result);
    if (news.length + known.length === 0) return [];
    const names = result.plan.disturbances.map(({ name }) => name).join(' + ');
    return [
      `run ${result.plan.run}, ${names}${news.length === 0 ? ' (known, open)' : ''}`,
      ...news.map(findingLine),
      ...known.map(({ id, finding }) => `    known, open (${id}): ${findingLine(finding).trim()}`),
      ...(news.length > 0 ? [`    again: ${repeat(result.plan.run)}`] : []),
    ];
  });
  const failed = results.filter((result) => sorted(result).news.length > 0).length;
  const idle = results.filter(
    (result) => sorted(result).news.length === 0 && result.happened.size === 0,
  ).length;
  const open = results.filter((result) => {
    const { known, news } = sorted(result);
    return news.length === 0 && known.length > 0 && result.happened.size > 0;
  }).length;
  const passed = results.length - failed - idle - open;
  const played = results.length < asked ? `${results.length} of ${asked} runs were played: ` : '';
  const head = `${played}${passed} runs passed, ${open} showed what is known to be open, ${failed} failed, ${idle} met no event and show nothing`;
  return [head, ...lines].join('\n');
}
