/**
 * Commands to a trade (TRD-5). A command is a row: it is written, with what the trade wants from then on
 * and with who gave it, before anybody is told; so it is taken while Temporal and every worker are down.
 */
import { isHaltFile } from '../config/halt-file.js';
import { limitsFrom } from '../config/risk.js';
import type { CommandOutcome } from '../contract/activities.js';
import type {
  CommandAnswer,
  CommandKind,
  CommandTerms,
  TradeSnapshot,
} from '../contract/workflows.js';
import type { TradeState } from '../domain/trade/states.js';
import { recordGivenCommand } from '../store/commands.js';
import { markDelivered, newestSnapshot } from '../store/delivery.js';
import { isTradeOf } from '../store/reads.js';
import type { App } from './app.js';

export type { CommandKind, CommandTerms } from '../contract/workflows.js';

export interface CommandGiven {
  readonly tradeId: string;
  readonly kind: CommandKind;
  /** What a move asks for. */
  readonly terms?: CommandTerms;
  /** The caller's idempotency key: the same key is the same command. */
  readonly key: string;
}

export interface CommandTaken extends CommandAnswer {
  /**
   * Resolves when the trade's workflow has been told, or need not or could not be. It never fails, and
   * nothing depends on it: what was not told is delivered by a sweep.
   */
  readonly told: Promise<Told>;
}

/** What came of telling a trade's workflow. */
export type Told =
  | { readonly how: 'told' }
  /** The trade is over already: whatever was wanted of it has been carried out, or came too late. */
  | { readonly how: 'over'; readonly state: TradeState }
  /** Nobody was told yet; `why` says why, and when somebody will be. */
  | { readonly how: 'later'; readonly why: string };

/** There is no such trade, or it belongs to somebody else. */
export class NoSuchTradeError extends Error {
  override readonly name = 'NoSuchTradeError';
  constructor(name: string) {
    super(`there is no trade ${name}`);
  }
}

/** Takes a command, or refuses it; either is kept. @throws NoSuchTradeError */
export async function giveCommand(app: App, given: CommandGiven): Promise<CommandTaken> {
  const { config, db, userId, actor } = app;
  if (!(await isTradeOf(db, userId, given.tradeId))) throw new NoSuchTradeError(given.tradeId);
  const request = { ...given, actor, cause: 'manual' };
  const isHalted = isHaltFile(config.haltFile);
  const by = { nowMs: Date.now(), limits: limitsFrom(config), isHalted };
  return taken(app, given.tradeId, await recordGivenCommand(db, request, by));
}

/** What came of it, with the trade's workflow being told when it changed the trade. */
export function taken(
  app: App,
  tradeId: string,
  { verdict, reason, snapshot }: CommandOutcome,
): CommandTaken {
  const told: Promise<Told> =
    verdict === 'accepted' ? tell(app, tradeId, snapshot) : Promise.resolve({ how: 'told' });
  return { verdict, reason, told };
}

/** The workflow is at work on it within milliseconds of this; without it, within a sweep. */
const TELL_TIMEOUT_MS = 3_000;

/** Tells a trade's workflow of its newest snapshot; what came of it is never an error. */
export async function tell(app: App, tradeId: string, snapshot: TradeSnapshot): Promise<Told> {
  try {
    const client = await app.temporal();
    const { tellTrade } = await import('../client/trades.js');
    const isRunning = await client.withDeadline(Date.now() + TELL_TIMEOUT_MS, () =>
      tellTrade(client, tradeId, snapshot),
    );
    if (!isRunning) return await withoutWorkflow(app, tradeId);
    await markDelivered(app.db, tradeId, snapshot.seq, 'delivery.mark');
    return { how: 'told' };
  } catch (error) {
    return notTold(error instanceof Error ? error.message : String(error));
  }
}

/** It has ended with its trade, perhaps by this very command, or the sweep starts one. */
async function withoutWorkflow(app: App, tradeId: string): Promise<Told> {
  const now = await newestSnapshot(app.db, tradeId);
  if (now?.isOver) return { how: 'over', state: now.state };
  return { how: 'later', why: 'its workflow does not run: one is started within 20 s' };
}

/** Neither Temporal nor a worker is needed to take a command; `reason` is what kept it from going on. */
export function notTold(reason: string): Told {
  return { how: 'later', why: `it is carried out once the workers run again: ${reason}` };
}
