/**
 * What a signal generator and a person do: submit signals, command trades. Like them it tries again
 * until it is answered; the same signal twice is one trade. The only place where the judge uses the
 * engine's own code.
 */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { openTemporal } from '../../client/temporal.js';
import { commandTrade, decideTrade } from '../../client/trades.js';
import { tradeWorkflowId } from '../../contract/workflows.js';
import { clientOrderId } from '../../domain/ids.js';
import { submitSignal } from '../../app/signals.js';
import { openDatabase, type Database } from '../../store/database.js';
import { ensureInstallation } from '../../store/installation.js';

const ROLES = ['ENTRY', 'STOP', 'TARGET', 'CLOSE'] as const;
/** A trade whose exits were placed anew more often than that has another defect first. */
const LEGS_PER_ROLE = 12;

/** A generator that gets no answer asks again after this; outages here last seconds. */
const AGAIN_AFTER_MS = 400;
/** Nothing here is down for so long; whoever still gets no answer has found a defect. */
const GIVE_UP_AFTER_MS = 90_000;
/** A command to a trade whose workers are down hangs: it is given again, with the same key. */
const COMMAND_LIMIT_MS = 10_000;

export class FrontDoor {
  private db: Database | null = null;
  private temporal: Client | null = null;
  private ownerId = '';
  private ownReferences = '';

  constructor(
    private readonly databaseUrl: string,
    private readonly temporalAddress: string,
  ) {}

  async open(): Promise<void> {
    this.db = openDatabase({ url: this.databaseUrl });
    const { ownerId, installationId } = await ensureInstallation(this.db);
    this.ownerId = ownerId;
    this.ownReferences = `${installationId}-`;
    this.temporal = await openTemporal({ address: this.temporalAddress, namespace: 'default' });
  }

  async close(): Promise<void> {
    await this.temporal?.connection.close();
    await this.db?.$disconnect();
  }

  /** Every reference that orders of this trade, in these roles, may have, repairs included: the naming is a public rule. */
  referencesOf(tradeId: string, roles: readonly (typeof ROLES)[number][] = ROLES): string[] {
    const installationId = this.ownReferences.slice(0, -1);
    return roles.flatMap((role) =>
      Array.from({ length: LEGS_PER_ROLE }, (_, index) =>
        clientOrderId(installationId, tradeId, role, index + 1, (value) =>
          createHash('sha256').update(value).digest('hex'),
        ),
      ),
    );
  }

  /** Makes a strategy with settings of its own (`allowShort`, `approval`); others are made by their first signal. */
  async makeStrategy(name: string, settings: Readonly<Record<string, string | boolean>>) {
    if (!this.db) throw new Error('the front door is not open');
    const { id: accountId } = await this.db.account.findFirstOrThrow();
    await this.db.strategy.create({ data: { userId: this.ownerId, accountId, name, settings } });
  }

  /** Makes every account one that buys with settled cash alone, instead of on margin. */
  async useCashAccounts(): Promise<void> {
    if (!this.db) throw new Error('the front door is not open');
    await this.db.account.updateMany({ data: { kind: 'cash' } });
  }

  /** How every order reference of this installation begins. */
  get orderRefPrefix(): string {
    return this.ownReferences;
  }

  /** Temporal's client, for looking at workflows and resetting them. */
  get temporalClient(): Client {
    if (!this.temporal) throw new Error('the front door is not open');
    return this.temporal;
  }

  /** Submits until it is taken; gives the trade's id. */
  async submit(signal: Readonly<Record<string, unknown>>): Promise<string> {
    const { db, temporal, ownerId } = this;
    if (!db || !temporal) throw new Error('the front door is not open');
    const deps = { db, temporal, queuePrefix: '' };
    return untilAnswered(`signal ${String(signal['id'])}`, async () => {
      const { tradeId } = await submitSignal(deps, ownerId, signal);
      return tradeId;
    });
  }

  /**
   * Gives a command until it is answered; a trade that is over answers by being over. Another key is
   * another command.
   */
  async command(
    tradeId: string,
    kind: 'close' | 'cancel_entry',
    { key = 'judge', withinMs = GIVE_UP_AFTER_MS }: { key?: string; withinMs?: number } = {},
  ): Promise<void> {
    const give = async (client: Client) => {
      await commandTrade(client, tradeId, kind, { key, actor: 'judge' }).catch((error: unknown) => {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      });
    };
    await this.give(`${kind} of ${tradeId}`, give, withinMs);
  }

  /** Approves a trade that waits for it, until that is answered. */
  async approve(tradeId: string, withinMs = GIVE_UP_AFTER_MS): Promise<void> {
    const word = { key: 'judge', actor: 'judge' };
    const give = (client: Client) => decideTrade(client, tradeId, 'approved', word);
    await this.give(`approval of ${tradeId}`, give, withinMs);
  }

  /** Gives it again and again, each time for `COMMAND_LIMIT_MS` at the most, until it is answered. */
  private async give(
    what: string,
    give: (client: Client) => Promise<unknown>,
    withinMs: number,
  ): Promise<void> {
    const client = this.temporalClient;
    const once = () => {
      const limit = AbortSignal.timeout(Math.min(COMMAND_LIMIT_MS, withinMs));
      return client.withAbortSignal(limit, () => give(client));
    };
    await untilAnswered(what, once, withinMs);
  }

  /** The id of the workflow that tells the trade's story. */
  workflowId(tradeId: string): string {
    return tradeWorkflowId(tradeId);
  }

  /** Whether a workflow runs for the trade. */
  async isWatched(tradeId: string): Promise<boolean> {
    const handle = this.temporalClient.workflow.getHandle(tradeWorkflowId(tradeId));
    return handle.describe().then(
      ({ status }) => status.name === 'RUNNING',
      () => false,
    );
  }
}

async function untilAnswered<T>(
  what: string,
  ask: () => Promise<T>,
  withinMs = GIVE_UP_AFTER_MS,
): Promise<T> {
  const deadlineMs = Date.now() + withinMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > deadlineMs) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`${what} got no answer for ${withinMs / 1_000} s: ${reason}`, {
          cause: error,
        });
      }
      await sleep(AGAIN_AFTER_MS);
    }
  }
}
