/** The command line as a way in, by what it prints for programs. */
import { ballast, type RunOptions } from '../cli/support.js';
import { STRATEGY } from './http.js';
import {
  DONE,
  previewed,
  refused,
  unpreviewed,
  type FullSurface,
  type Said,
  type ShownPreview,
  type Wanted,
} from './surface.js';

export interface CliSurface extends FullSurface {
  readonly name: 'cli';
  /** Any command, with `--json`. */
  run(argv: readonly string[], input?: string): Promise<Ran>;
}

interface Ran {
  readonly code: number;
  readonly json: Printed;
}

/** What the tests look at of what commands print. */
interface Printed {
  readonly outcome?: string;
  readonly verdict?: string;
  readonly reason?: string | null;
  readonly state?: string;
  readonly trade_id?: string;
  readonly is_new?: boolean;
  readonly preview?: ShownPreview;
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly issues?: readonly { readonly path: string }[];
  };
}

export function cliSurface(env: Record<string, string>): CliSurface {
  const run = async (argv: readonly string[], input?: string): Promise<Ran> => {
    const options: RunOptions = { env, ...(input !== undefined && { input }) };
    const { code, out } = await ballast([...argv, '--json'], options);
    return { code, json: JSON.parse(out === '' ? '{}' : out) as Printed };
  };
  const give = async (...argv: string[]) => saidOf(await run(argv));
  return {
    ...{ name: 'cli', run },
    preview: async (wanted: Wanted) => {
      const fields = Object.entries({ strategy_id: STRATEGY, ...wanted });
      const ran = await run(['preview', ...fields.map(([field, value]) => `${field}=${value}`)]);
      const isMade = ran.json.error === undefined;
      return isMade ? previewed(ran.json as unknown as ShownPreview) : unpreviewed(saidOf(ran));
    },
    execute: (id) => give('execute', id),
    cancel: ({ tradeId }) => give('cancel', tradeId),
    trade: async (id) => {
      const ran = await run(['trade', id]);
      return { ...saidOf(ran), state: ran.json.state ?? null };
    },
    signal: async (body) => saidOf(await run(['signal', '-'], JSON.stringify(body))),
    close: (id, key) => give('close', id, ...(key === undefined ? [] : ['--key', key])),
    moveStop: (id, price) => give('move-stop', id, price),
    approve: ({ tradeId }) => give('approve', tradeId, '--reason', 'seen'),
    reject: ({ tradeId }) => give('reject', tradeId, '--reason', 'seen'),
    requireApproval: (strategy) => give('approvals', '--require', strategy),
    pause: (strategy) => give('pause', strategy),
    resumeStrategy: (strategy) => give('resume', '--strategy', strategy),
    setMode: (account, mode) => give('mode', mode, '--account', account),
    halt: (reason) => give('halt', '--reason', reason),
    resume: () => give('resume'),
    flatten: () => give('flatten', '--confirm'),
  };
}

function saidOf({ code, json }: Ran): Said {
  const { error, outcome, verdict, reason = null, trade_id: tradeId = null } = json;
  if (outcome === 'changed') {
    const previewId = json.preview!.preview_id;
    return { ...DONE, outcome, code: 'PREVIEW_CHANGED', previewId };
  }
  if (error !== undefined) {
    const paths = (error.issues ?? []).map(({ path }) => path);
    return { ...refused(error.code, error.message, paths), tradeId };
  }
  if (verdict === 'refused') return refused('REFUSED', reason);
  if (code !== 0) return refused(`EXIT_${code}`, reason);
  return { ...DONE, tradeId, isNew: json.is_new ?? null };
}
