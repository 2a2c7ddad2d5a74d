/**
 * The story alone, on a real Temporal server and by the real trade worker: each activity answers what the
 * test wrote down for it, where it would else ask the database or the broker.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, type Worker } from '@temporalio/worker';
import { openTemporal } from '../../../client/temporal.js';
import { startTrade, tellTrade } from '../../../client/trades.js';
import type {
  CommandOutcome,
  EntryActivities,
  LedgerActivities,
  LocalActivities,
  ProtectActivities,
} from '../../../contract/activities.js';
import type { PayloadKey } from '../../../contract/payload-keys.js';
import {
  brokerQueue,
  tradeQueue,
  tradeWorkflowId,
  type TradeInput,
  type TradeSnapshot,
  type TradeStory,
} from '../../../contract/workflows.js';
import { createActivityWorker, createTradeWorker } from '../../../worker/temporal-worker.js';
import { uniquePrefix } from '../../support/temporal.js';

export type Script = Partial<
  LocalActivities & LedgerActivities & EntryActivities & ProtectActivities
>;

const ACCOUNT = 'DU1000001';
const WAIT_MS = 20_000;
const LOOK_EVERY_MS = 50;
const ACTIVITIES_AT_ONCE = 5;

// What workers and bundler say of themselves would bury what fails.
Runtime.install({ logger: new DefaultLogger('WARN') });

let trades = 0;

export class ScriptedTrade {
  /** Every call, in its order: `plan`, `recordCommand test` … */
  readonly calls: string[] = [];
  readonly tradeId: string;
  private seq = 0;
  private readonly prefix = uniquePrefix();
  private workers: { readonly worker: Worker; readonly ended: Promise<void> }[] = [];

  private constructor(
    readonly client: Client,
    private readonly connection: NativeConnection,
    private readonly script: Script,
    private readonly payloadKeys: readonly PayloadKey[],
  ) {
    trades += 1;
    this.tradeId = `scripted-${Date.now()}-${trades}`;
  }

  /** Nothing runs yet. Call `end` at last. */
  static async open(
    address: string,
    script: Script = {},
    payloadKeys: readonly PayloadKey[] = [],
  ): Promise<ScriptedTrade> {
    const client = await openTemporal({ address, namespace: 'default', payloadKeys });
    const connection = await NativeConnection.connect({ address });
    return new ScriptedTrade(client, connection, script, payloadKeys);
  }

  /** The next snapshot of the trade: open and protected, but for the change. */
  snapshot(change: Partial<TradeSnapshot> = {}): TradeSnapshot {
    this.seq += 1;
    return { ...OPEN, seq: this.seq, ...change };
  }

  get handle(): WorkflowHandle {
    return this.client.workflow.getHandle(tradeWorkflowId(this.tradeId));
  }

  /** Starts the workflow. */
  async start(change: Partial<TradeInput> = {}): Promise<void> {
    const input: TradeInput = {
      ...{ tradeId: this.tradeId, brokerAccountId: ACCOUNT, strategy: 's', symbol: 'AAPL' },
      ...{ side: 'BUY', queuePrefix: this.prefix, expiresAtMs: null, maxHoldingMs: null },
      resumed: null,
      ...change,
    };
    await startTrade(this.client, input, 'BUY 10 AAPL');
  }

  tell(snapshot: TradeSnapshot): Promise<boolean> {
    return tellTrade(this.client, this.tradeId, snapshot);
  }

  /** An update, as the Temporal UI sends it; resolves when it is answered. */
  update(name: 'closeTrade' | 'cancelEntry', key: string): Promise<{ verdict: string }> {
    return this.handle.executeUpdate(name, { args: [{ key, actor: 'test' }], updateId: key });
  }

  async story(): Promise<TradeStory> {
    return this.handle.query<TradeStory>('story');
  }

  /** Starts a trade worker, and one for each queue of the account; with other keys, if told. */
  async startWorkers(payloadKeys = this.payloadKeys): Promise<void> {
    const all = this.activities();
    const on = (taskQueue: string) => ({
      connection: this.connection,
      namespace: 'default',
      taskQueue,
      activities: all,
      payloadKeys,
    });
    const workers = [
      await createTradeWorker(on(tradeQueue(this.prefix))),
      await createActivityWorker(on(brokerQueue(this.prefix, ACCOUNT, 'work')), ACTIVITIES_AT_ONCE),
      await createActivityWorker(
        on(brokerQueue(this.prefix, ACCOUNT, 'protect')),
        ACTIVITIES_AT_ONCE,
      ),
    ];
    this.workers = workers.map((worker) => ({
      worker,
      ended: worker.run().catch(() => undefined),
    }));
  }

  /** What they remember is gone with them: the next ones replay. */
  async stopWorkers(): Promise<void> {
    for (const { worker } of this.workers) worker.shutdown();
    await Promise.all(this.workers.map(({ ended }) => ended));
    this.workers = [];
  }

  /** Waits until the test passes. @throws Error with the calls so far when it doesn't in time */
  async until(test: () => boolean | Promise<boolean>, limitMs = WAIT_MS): Promise<void> {
    const endMs = Date.now() + limitMs;
    while (!(await test())) {
      if (Date.now() > endMs) throw new Error(`not so in time; calls: ${this.calls.join(', ')}`);
      await sleep(LOOK_EVERY_MS);
    }
  }

  count(call: string): number {
    return this.calls.filter((made) => made === call || made.startsWith(`${call} `)).length;
  }

  async end(): Promise<void> {
    await this.handle.terminate('the test is over').catch(() => undefined);
    await this.stopWorkers();
    await this.connection.close();
    await this.client.connection.close();
  }

  private activities(): Record<string, (input: never) => Promise<unknown>> {
    const answers: Required<Script> = { ...this.defaults(), ...this.script };
    return Object.fromEntries(
      Object.entries(answers).map(([name, answer]) => [
        name,
        async (input: { readonly key?: string }) => {
          this.calls.push(input.key === undefined ? name : `${name} ${input.key}`);
          return (answer as (given: unknown) => Promise<unknown>)(input);
        },
      ]),
    );
  }

  /** A trade that is approved, sent and filled at once, and stays open. */
  private defaults(): Required<Script> {
    return {
      plan: async () => ({
        kind: 'approved',
        decisionId: 'd',
        snapshot: this.snapshot({ state: 'RECEIVED', heldQuantity: '0', isProtected: false }),
        summary: 'BUY 10 AAPL @ 190 stop 185',
        quantity: '10',
        closeByMs: null,
      }),
      recordCommand: async () => this.answer('accepted'),
      decideApproval: async () => this.answer('accepted'),
      withdrawEntry: async () => ({
        kind: 'not_sent',
        reason: 'no worker',
        snapshot: this.snapshot({ state: 'RECEIVED' }),
      }),
      warmMarket: async () => undefined,
      enter: async () => ({ kind: 'acknowledged', snapshot: this.snapshot() }),
      lookUpEntry: async () => ({ kind: 'acknowledged', snapshot: this.snapshot() }),
      pursue: async () => this.snapshot(),
      settle: async () => ({
        snapshot: this.snapshot(CLOSED),
        realizedPnl: '1',
        summary: 'BUY 10 AAPL: 1 after commissions',
      }),
      abandon: async () => this.snapshot({ state: 'ABANDONED', isOver: true, heldQuantity: '0' }),
    };
  }

  /** What a command is answered with; the trade stays as it is. */
  answer(verdict: CommandOutcome['verdict']): CommandOutcome {
    const reason = verdict === 'accepted' ? null : 'not now';
    return { verdict, reason, snapshot: this.snapshot() };
  }
}

const OPEN: TradeSnapshot = {
  seq: 0,
  state: 'OPEN',
  heldQuantity: '10',
  averageEntry: '190',
  openedAtMs: 0,
  stopPrice: '185',
  targetPrice: '200',
  isProtected: true,
  needsWork: false,
  isOver: false,
  cancelRequested: false,
  wait: null,
  exitReason: null,
  failure: null,
};

/** Nothing held, nothing at the broker. */
export const CLOSED: Partial<TradeSnapshot> = {
  state: 'CLOSED',
  heldQuantity: '0',
  isProtected: false,
  isOver: true,
  exitReason: 'target',
};
