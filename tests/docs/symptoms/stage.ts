/** The stack that the symptoms of docs/troubleshooting.md are provoked on, and what a reader would see and type there. */
import { join } from 'node:path';
import { ballast, type Ran, type RunOptions } from '../../cli/support.js';
import { isAtRest } from '../../support/at-rest.js';
import { startGateway } from '../../support/gateway.js';
import { startStack, type TestStack, type TradeFacts } from '../../support/stack.js';
import { temporalAddress } from '../../support/temporal.js';
import { untilTrue } from '../../support/workers.js';

/** Repairs, restarts and reconnects on two cores that are busy with other tests. */
const WAIT_MS = 60_000;
const SECRET = 'a-secret-of-more-than-32-characters';

/** Nothing listens there. */
export const NOWHERE = '127.0.0.1:1';

export interface Stage {
  readonly stack: TestStack;
  readonly env: Record<string, string>;
  /** Everything that was printed in this scene. */
  readonly seen: () => string;
  /** The commands that were given, such as `resolve quarantine`. */
  readonly ran: () => readonly string[];
  /** Shows a reader something that is no command's output. */
  show(text: string): void;
  /** `ballast …argv`, as a reader types it. */
  run(argv: readonly string[], options?: RunOptions): Promise<Ran>;
  /** The same with the settings of this shell changed. */
  runWith(env: Record<string, string>, ...argv: string[]): Promise<Ran>;
  /** Sends a signal, and waits for its verdict unless told otherwise. */
  signal(change: Record<string, unknown>, options?: SignalSent): Promise<Ran>;
  /** Gives the same command until its output has the text. */
  until(text: string, ...argv: string[]): Promise<Ran>;
  tradeOf(signalId: string, test: (trade: TradeFacts) => boolean): Promise<TradeFacts>;
  /** Another run of the gateway, as if the terminal were started with other settings. */
  restartGateway(...flags: string[]): Promise<void>;
  /** Both workers again, with other settings. */
  restartWorkers(env: Record<string, string>): Promise<void>;
}

export interface SignalSent {
  readonly waits?: boolean;
  /** Settings of this shell. */
  readonly env?: Record<string, string>;
}

/** Plays one symptom: provokes it, shows it, gives the page's remedy and proves that it works. */
export type Scene = (stage: Stage) => Promise<void>;

/** Opens the stack. */
export async function openStage(): Promise<{ stack: TestStack; stage: () => Stage }> {
  const stack = await startStack({
    env: { GUARD_INTERVAL_MS: '2000', MAX_OPEN_POSITIONS: '100', OUTAGE_WAIT_MS: '5000' },
    gateway: { flags: ['--cash', '10000000'] },
  });
  const env = {
    ...{ DATABASE_URL: stack.databaseUrl, TASK_QUEUE_PREFIX: stack.queuePrefix },
    ...{ TEMPORAL_ADDRESS: await temporalAddress(), BALLAST_STATE_DIR: stack.stateDir },
    ...{ IBKR_HOST: '127.0.0.1', IBKR_PORT: String(stack.gateway.port), JWT_SECRET: SECRET },
    ...{ HALT_FILE: join(stack.stateDir, 'HALT'), TRADING_ENABLED: 'true' },
  };
  return { stack, stage: () => newStage(stack, env) };
}

function newStage(stack: TestStack, env: Record<string, string>): Stage {
  let seen = '';
  const ran: string[] = [];
  const run = async (argv: readonly string[], options: RunOptions = {}): Promise<Ran> => {
    ran.push(argv.filter((word) => !word.startsWith('-')).join(' '));
    const result = await ballast(argv, { env, ...options });
    seen += `${result.out}${result.err}\n`;
    return result;
  };
  const stage: Stage = {
    ...{ stack, env, run, seen: () => seen, ran: () => ran },
    show: (text) => (seen += `${text}\n`),
    runWith: (change, ...argv) => run(argv, { env: { ...env, ...change } }),
    signal: (change, { waits = true, env: settings = {} } = {}) => {
      const input = JSON.stringify({ side: 'BUY', stop_loss_pct: '0.05', ...change });
      const wait = waits ? ['--wait', 'verdict'] : [];
      return run(['signal', '-', ...wait], { env: { ...env, ...settings }, input });
    },
    until: async (text, ...argv) => {
      let last: Ran | undefined;
      await untilTrue(
        `"${text}" of ballast ${argv.join(' ')}`,
        async () => {
          last = await run(argv);
          return `${last.out}${last.err}`.includes(text);
        },
        WAIT_MS,
      ).catch((error: unknown) => {
        throw new Error(`${String(error)}\n${last?.out}${last?.err}`);
      });
      return last!;
    },
    tradeOf: async (signalId, test) => {
      const where = { userId: stack.userId, signalId };
      const { trade } = await stack.db.signal.findFirstOrThrow({ where, include: { trade: true } });
      return stack.waitFor(trade!.id, test, WAIT_MS);
    },
    restartGateway: async (...flags) => {
      const { port, controlPort, stateDir } = stack.gateway;
      await stack.gateway.kill();
      const beforeMs = await clockOf(stack);
      stack.gateway = await startGateway({ stateDir, port, controlPort, flags });
      await untilTrue('the link is ready again', () => isReadySince(stack, beforeMs), WAIT_MS);
    },
    restartWorkers: async (change) => {
      await Promise.all([stack.stopWorker('broker-worker'), stack.stopWorker('trade-worker')]);
      const [broker, trade] = ['broker-worker', 'trade-worker'] as const;
      await Promise.all([stack.startWorker(broker, change), stack.startWorker(trade, change)]);
    },
  };
  return stage;
}

async function clockOf({ db }: TestStack): Promise<number> {
  const [row] = await db.$queryRaw<{ at: Date }[]>`SELECT now() AS at`;
  return row!.at.getTime();
}

/** A picture of after that: the link was made anew and compared. */
async function isReadySince({ db }: TestStack, sinceMs: number): Promise<boolean> {
  const link = await db.connection.findFirstOrThrow();
  return link.ready && (link.pictureAt?.getTime() ?? 0) > sinceMs;
}

/** Buys, and waits until the shares are protected. */
export async function bought(stage: Stage, id: string, symbol: string): Promise<TradeFacts> {
  await stage.signal({ id, strategy_id: id, symbol, quantity: '10', stop_loss_pct: '0.05' });
  return stage.tradeOf(id, isAtRest);
}
