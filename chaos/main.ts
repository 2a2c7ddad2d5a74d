/** `npm run chaos`: see options.ts for what it takes, report/ for what it tells. */
import { CASES, casesNamed } from './cases/index.js';
import { hasFailed, playCases } from './cases/play.js';
import { choose, type Choice } from './disturb/choose.js';
import { MENU } from './disturb/menu.js';
import { MUTANTS } from './mutants/index.js';
import { chosenMutants, playMutants } from './mutants/play.js';
import { CHAOS_HELP, readOptions, type ChaosOptions } from './options.js';
import type { Finding } from './judge/finding.js';
import { planRun, type RunPlan } from './plan.js';
import { isShortOfGoal, newsLines, progressLine, sessionReport, sorted } from './report/session.js';
import { playRun, type RunResult } from './run.js';
import { ChaosStack } from './stack/stack.js';
import { ALL_SWITCHES } from './stack/switches.js';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

const say = (line: string) => void process.stderr.write(`${line}\n`);

/** @param args after the program's name @returns the exit code */
export async function main(args: readonly string[]): Promise<number> {
  let options: ChaosOptions;
  try {
    options = readOptions(args);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return EXIT_USAGE;
  }
  if (options.help) {
    process.stdout.write(`${CHAOS_HELP}\n`);
    return 0;
  }
  if (options.list) {
    for (const { name, family } of MENU) process.stdout.write(`${family.padEnd(10)} ${name}\n`);
    for (const { name, story } of CASES) process.stdout.write(`case       ${name}: ${story}\n`);
    for (const { name, breaks } of MUTANTS) process.stdout.write(`mutant     ${name}: ${breaks}\n`);
    return 0;
  }
  if (options.mutants !== null) return playNamedMutants(options, options.mutants);
  return options.cases === null ? playRuns(options) : playNamed(options, options.cases);
}

/** The cases of these names, or whose name begins so; all when none is named. */
async function playNamed({ seed, keep }: ChaosOptions, names: readonly string[]): Promise<number> {
  const chosen = casesNamed(names);
  if (chosen.length === 0) {
    say('no case of that name: npm run chaos -- --list');
    return EXIT_USAGE;
  }
  const { signal, done } = stopAsked('after this case');
  const played = await playCases(chosen, { seed, keep, say, signal }).finally(done);
  const counts = new Map<string, number>();
  for (const { verdict } of played) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  const summary = [...counts].map(([verdict, count]) => `${count} ${verdict}`).join(', ');
  process.stdout.write(`${played.length} cases: ${summary}\n`);
  return hasFailed(played) ? EXIT_FAILED : 0;
}

/** The mutants of these names, all when none is named, after the engine as it is. */
async function playNamedMutants(options: ChaosOptions, names: readonly string[]): Promise<number> {
  const chosen = chosenMutants(names);
  if (chosen.length === 0) {
    say('no mutant of that name: npm run chaos -- --list');
    return EXIT_USAGE;
  }
  const { seed, keep } = options;
  const { signal, done } = stopAsked('after this mutant');
  const passed = await playMutants(chosen, { seed, keep, say }, signal).finally(done);
  return passed ? 0 : EXIT_FAILED;
}

/** Ctrl-C ends in order, also when it comes again: what was started is stopped, what was found is told. */
function stopAsked(when: string): { readonly signal: AbortSignal; readonly done: () => void } {
  const stop = new AbortController();
  const ask = () => {
    if (!stop.signal.aborted) say(`stopping ${when}`);
    stop.abort();
  };
  process.on('SIGINT', ask);
  process.on('SIGTERM', ask);
  const done = () => {
    process.off('SIGINT', ask);
    process.off('SIGTERM', ask);
  };
  return { signal: stop.signal, done };
}

async function playRuns(options: ChaosOptions): Promise<number> {
  let choice: Choice;
  try {
    choice = choose(MENU, options.at, options.fault);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return EXIT_USAGE;
  }
  const results = await new Session(options, choice).play();
  const asked = options.only === null ? options.runs : 1;
  process.stdout.write(
    `\n${sessionReport(results, asked, (run) => repeatCommand(options, run))}\n`,
  );
  const isWhole = options.at === null && options.fault === null && options.only === null;
  const isShort = isWhole && isShortOfGoal(results);
  const hasNews = results.some((result) => sorted(result).news.length > 0);
  return hasNews || isShort ? EXIT_FAILED : 0;
}

function repeatCommand({ seed, at, fault }: ChaosOptions, run: number): string {
  const narrowed = `${at === null ? '' : ` --at ${at}`}${fault === null ? '' : ` --fault ${fault}`}`;
  return `npm run chaos -- --seed ${seed} --only ${run}${narrowed}`;
}

/** A run that broke has shown nothing; it is told and fails, and the session goes on. */
function brokenRun(plan: RunPlan, error: unknown): RunResult {
  const detail = error instanceof Error ? error.message : String(error);
  const findings: Finding[] = [{ kind: 'broke', subject: '', detail }];
  const nothing = { struck: new Map<string, number>(), happened: new Set<string>(), resolveMs: [] };
  return { plan, tookMs: 0, findings, useful: 0, wanted: 0, ...nothing };
}

/** Plays run after run on a stack that goes on, and makes it anew where the plan or a failure asks for it. */
class Session {
  private stack: ChaosStack | null = null;

  constructor(
    private readonly options: ChaosOptions,
    private readonly choice: Choice,
  ) {}

  async play(): Promise<RunResult[]> {
    const { runs, only, maxMinutes } = this.options;
    const numbers = only === null ? Array.from({ length: runs }, (_, index) => index + 1) : [only];
    const endMs = maxMinutes === null ? Infinity : Date.now() + maxMinutes * 60_000;
    const results: RunResult[] = [];
    const { signal, done } = stopAsked('after this run');
    try {
      for (const number of numbers) {
        if (signal.aborted || Date.now() > endMs) break;
        results.push(await this.playOne(number, numbers.length));
      }
    } finally {
      await this.stack?.stop();
      done();
    }
    return results;
  }

  private async playOne(number: number, total: number): Promise<RunResult> {
    const { seed, keep } = this.options;
    const plan = planRun(seed, number, this.choice.menu, this.choice.partners);
    if (plan.freshStack && this.stack) {
      await this.stack.stop();
      this.stack = null;
    }
    const result = await this.playOnStack(plan).catch((error: unknown) => brokenRun(plan, error));
    say(progressLine(result, total));
    for (const line of newsLines(result, repeatCommand(this.options, number))) say(line);
    if (result.findings.length > 0) {
      // What it left behind must not be the next run's.
      const kept = await this.stack?.stop({ keep });
      if (kept) say(`kept ${kept}`);
      this.stack = null;
    }
    return result;
  }

  /** @throws Error when the stack can't be started: the next run begins with another one */
  private async playOnStack(plan: RunPlan): Promise<RunResult> {
    this.stack ??= await ChaosStack.start({
      switches: ALL_SWITCHES[plan.switchIndex]!,
      seed: plan.stackSeed,
      say,
    });
    return playRun(this.stack, plan);
  }
}
