/** What a link does with pictures of the broker: takes them, judges, guards, brakes, and sweeps (BRK-12, TRD-3, RSK-5). */
import type { Client } from '@temporalio/client';
import type { BrokerPort } from '../../broker/port.js';
import type { Config } from '../../config/index.js';
import type { Logger } from '../../config/logger.js';
import type { Viewpoint } from '../../store/book/judge.js';
import type { Database } from '../../store/database.js';
import { alertTrade } from '../../store/alerts.js';
import { pauseForMassBreach } from '../../store/mass-breach.js';
import { switchesFrom } from '../settings.js';
import type { Delivery } from './delivery.js';
import type { BaselineAccount } from '../../store/baseline.js';
import type { AccountOf } from '../../store/reconcile/books.js';
import { Adopter } from './adopter.js';
import { BaselineKeeper } from './baseline-keeper.js';
import { EntryBrake } from './entry-brake.js';
import { explain } from './explain.js';
import { Guard } from './guard.js';
import type { Inbox } from './inbox.js';
import { Judge } from './judge.js';
import { OutsideWatch } from './outside-watch.js';
import { OverdueFacts } from './overdue-facts.js';
import { RecoveryWatch } from './recovery-watch.js';
import { SnapshotKeeper } from './snapshot-keeper.js';
import { Sweep } from './sweep.js';

const BREACH_WORDS = {
  unprotected: 'were without an armed stop for seconds: the guard repairs',
  excess: 'too many could be sold by the exits: the guard repairs',
} as const;

export interface PicturesOptions {
  readonly config: Config;
  readonly db: Database;
  /** Protection's own: what the guard looks by before it repairs. */
  readonly protectDb: Database;
  readonly temporal: Client;
  readonly connectionId: string;
  readonly log: Logger;
  readonly broker: BrokerPort;
  readonly inbox: Inbox;
  readonly delivery: Delivery;
  /** Where pictures are judged from. */
  readonly viewpoint: () => Viewpoint;
  /** Account rows of the link. */
  readonly accountIds: () => readonly string[];
  readonly accounts: () => readonly (BaselineAccount & AccountOf)[];
  /** The idempotent repair of a trade (`pursue`). */
  readonly repair: (tradeId: string) => Promise<unknown>;
}

export interface Pictures {
  readonly keeper: SnapshotKeeper;
  readonly guard: Guard;
  /** Holds entries back while a second look at a large difference is to come. */
  readonly recovery: RecoveryWatch;
  /** Calls for a picture when others trade where a trade is open. */
  readonly outside: OutsideWatch;
  /** Protects what fills without executions may have left, after pictures and commits. */
  readonly overdue: OverdueFacts;
  stop(): Promise<void>;
}

/** Puts them together; they run until `stop`. */
export function createPictures(options: PicturesOptions): Pictures {
  const { db, connectionId, log, broker, inbox, delivery, config } = options;
  const judge = new Judge({
    ...{ db, log },
    viewpoint: options.viewpoint,
    onWakes: (tradeId) => delivery.notify(tradeId),
  });
  const remind = (tradeId: string): void => delivery.remind(tradeId);
  const baseline = new BaselineKeeper({
    ...{ db, log, accounts: options.accounts, hasStuck: (account) => inbox.hasStuck(account) },
    lookAgain: () => void keeper.refresh('guard'),
  });
  const recovery = new RecoveryWatch({
    ...{ db, log, accounts: options.accounts, hasStuck: (account) => inbox.hasStuck(account) },
    limit: config.recoveryDifference,
    lookAgain: () => void keeper.refresh('reconcile'),
  });
  const adopter = new Adopter({
    ...{ db, connectionId, log, accounts: options.accounts },
    day: broker.capabilities.day,
    learn: (clientOrderId, owner) => inbox.learn(clientOrderId, owner),
    onWakes: (tradeId) => delivery.notify(tradeId),
  });
  const keeper: SnapshotKeeper = new SnapshotKeeper({
    ...{ db, connectionId, broker, inbox, adopter, judge, baseline, recovery, log },
  });
  const guard = new Guard({
    ...{ db: options.protectDb, keeper, log, repair: options.repair },
    isReady: () => broker.state().ready,
    remind,
    onBreach: ({ tradeId, kind, shares }) =>
      alertTrade(db, tradeId, {
        kind: 'breach',
        dedupeKey: `breach:${tradeId}:${kind}:${Date.now()}`,
        summary: `${shares} shares ${BREACH_WORDS[kind]}`,
        detail: { breach: kind, shares },
      }),
    onMassBreach: (tradeIds) => pauseForMassBreach(db, tradeIds),
    onUnexplained: (unexplained) => explain({ db, delivery, inbox, log }, unexplained),
    nowMs: () => Date.now(),
    lookEveryMs: config.guardIntervalMs,
  });
  const { outside, overdue } = watchBeside(options, keeper);
  const { temporal, accountIds } = options;
  const queuePrefix = config.taskQueuePrefix;
  const sweep = new Sweep({ db, temporal, log, queuePrefix, accountIds, remind });
  const brake = new EntryBrake({
    ...{ db, log, accountIds, repair: options.repair },
    isReady: () => broker.state().ready,
    isHaltFile: () => switchesFrom(config)().haltFile,
  });
  return {
    keeper,
    guard,
    recovery,
    outside,
    overdue,
    stop: async () => {
      brake.stop();
      overdue.stop();
      outside.stop();
      baseline.stop();
      recovery.stop();
      sweep.stop();
      guard.stop();
      await keeper.stop();
    },
  };
}

/** What else looks at pictures, or calls for them: overdue executions, and what others trade. */
function watchBeside(
  options: PicturesOptions,
  keeper: SnapshotKeeper,
): Pick<Pictures, 'outside' | 'overdue'> {
  const { db, log, broker, delivery, accounts, repair } = options;
  const nowMs = (): number => Date.now();
  const isReady = (): boolean => broker.state().ready;
  const remind = (tradeId: string): void => delivery.remind(tradeId);
  const overdue = new OverdueFacts({ db, log, isReady, remind, repair, nowMs });
  keeper.onTaken((taken) => overdue.look(taken));
  const refresh = () => keeper.refresh('guard');
  const outside = new OutsideWatch({ db, log, accounts, refresh, isReady, nowMs });
  return { outside, overdue };
}
