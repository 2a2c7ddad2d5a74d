/** The command line of `npm run chaos`. */
import { parseArgs } from 'node:util';

export interface ChaosOptions {
  readonly runs: number;
  readonly seed: number;
  /** Play this run alone. */
  readonly only: number | null;
  /** Only this failpoint, or `POINT=ACTION`. */
  readonly at: string | null;
  /** Only disturbances of that name, whose name begins so, or of that family; several by commas. */
  readonly fault: string | null;
  readonly maxMinutes: number | null;
  /** Named cases: all, or the ones given. */
  readonly cases: readonly string[] | null;
  readonly mutants: readonly string[] | null;
  readonly keep: boolean;
  readonly list: boolean;
  readonly help: boolean;
}

export const CHAOS_HELP = `npm run chaos: disturbs real trades on real processes, and lets the paper gateway's ledger judge.

usage: npm run chaos -- [flags]

runs
  --runs N           so many runs; each is a disturbance over twelve trades in flight (default 20)
  --seed S           everything follows from it (default 1)
  --only K           run K alone, on a fresh stack: how a failing run is repeated
  --at POINT         only this failpoint, with each of its actions, or with the one of POINT=ACTION
  --fault NAME       only disturbances of that name, whose name begins so, or of that family; several
                     by commas; with --at: both in each run
  --max-minutes M    no further run is begun after that
scripted
  --cases [NAME …]   the named cases, all without names: one finding each, with its known verdict
  --mutants [NAME …] small patches to a copy of the engine; each must be caught
also
  --keep             keep the folder of a failed stack, with its logs
  --list             print the disturbances, cases and mutants
  --help             this text

exit code: 0 when nothing but known, open findings came up; 1 otherwise; 2 for a wrong command line`;

const RUNS_DEFAULT = 20;
const RUNS_MAX = 10_000;
const SEED_MAX = 2 ** 31;
const MINUTES_MAX = 24 * 60;

/** @throws Error with what to write instead */
export function readOptions(args: readonly string[]): ChaosOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      runs: { type: 'string' },
      seed: { type: 'string' },
      only: { type: 'string' },
      at: { type: 'string' },
      fault: { type: 'string' },
      'max-minutes': { type: 'string' },
      cases: { type: 'boolean' },
      mutants: { type: 'boolean' },
      keep: { type: 'boolean' },
      list: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (positionals.length > 0 && !values.cases && !values.mutants) {
    throw new Error(`unknown argument ${positionals[0]}: see npm run chaos -- --help`);
  }
  const only = values.only === undefined ? null : whole('only', values.only, 1, RUNS_MAX);
  return {
    runs: whole('runs', values.runs ?? String(RUNS_DEFAULT), 1, RUNS_MAX),
    seed: whole('seed', values.seed ?? '1', 0, SEED_MAX),
    only,
    at: values.at ?? null,
    fault: values.fault ?? null,
    maxMinutes:
      values['max-minutes'] === undefined
        ? null
        : whole('max-minutes', values['max-minutes'], 1, MINUTES_MAX),
    cases: values.cases ? positionals : null,
    mutants: values.mutants ? positionals : null,
    keep: values.keep ?? false,
    list: values.list ?? false,
    help: values.help ?? false,
  };
}

function whole(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new Error(`--${name} must be a whole number from ${min} to ${max}, not "${text}"`);
}
