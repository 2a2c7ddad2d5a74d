/**
 * Commands to a trade (TRD-5). A command is a row: it is written, with what the trade wants from then on
 * and with who gave it, before anybody is told; so it is taken while Temporal and every worker are down.
 */
import type { CommandAnswer, TradeSnapshot } from '../contract/workflows.js';
import { recordGivenCommand } from '../store/commands.js';
import { markDelivered } from '../store/delivery.js';
import { isTradeOf } from '../store/reads.js';
import type { App } from './app.js';

/** What a person may ask of a trade. */
export type CommandKind = 'close' | 'cancel_entry';

export interface CommandGiven {
  readonly tradeId: string;
  readonly kind: CommandKind;
  /** The caller's idempotency key: the same key is the same command. */
  readonly key: string;
}

export interface CommandTaken extends CommandAnswer {
  /**
   * Resolves when the trade's workflow has been told, or could not be: then with the reason. It never
   * fails, and nothing depends on it: what was not told is delivered by a sweep.
   */
  readonly told: Promise<string | null>;
}

/** There is no such trade, or it belongs to somebody else. */
export class NoSuchTradeError extends Error {
  override readonly name = 'NoSuchTradeError';
  constructor(name: string) {
    super(`there is no trade ${name}`);
  }
}

/** Takes a command, or refuses it; either is kept. @throws NoSuchTradeError */
export async function giveCommand(app: App, given: CommandGiven): Promise<CommandTaken> {
  const { db, userId, actor } = app;
  if (!(await isTradeOf(db, userId, given.tradeId))) throw new NoSuchTradeError(given.tradeId);
  const request = { ...given, actor, cause: 'manual' };
  const { verdict, reason, snapshot } = await recordGivenCommand(db, request, Date.now());
  const told = verdict === 'accepted' ? tell(app, given.tradeId, snapshot) : null;
  return { verdict, reason, told: told ?? Promise.resolve(null) };
}

/** The workflow is at work on it within milliseconds of this; without it, within a sweep. */
const TELL_TIMEOUT_MS = 3_000;

/** Tells a trade's workflow of its newest snapshot. @returns why it could not be told, or null */
export async function tell(
  app: App,
  tradeId: string,
  snapshot: TradeSnapshot,
): Promise<string | null> {
  try {
    const client = await app.temporal();
    const { tellTrade } = await import('../client/trades.js');
    const isRunning = await client.withDeadline(Date.now() + TELL_TIMEOUT_MS, () =>
      tellTrade(client, tradeId, snapshot),
    );
    if (!isRunning) return 'its workflow is not running';
    await markDelivered(app.db, tradeId, snapshot.seq, 'delivery.mark');
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
