/** One link to a broker with everything that lives on it: inbox, deliveries, market rows, session. */
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { BrokerDeps } from '../../activities/deps.js';
import type { ReconcileDeps } from '../../activities/reconcile.js';
import { viewpoint } from '../../activities/look-up.js';
import { pursue } from '../../activities/protect.js';
import type { BrokerPort } from '../../broker/port.js';
import type { Config } from '../../config/index.js';
import type { Logger } from '../../config/logger.js';
import { parkedBy, type Parked } from '../../domain/broker/parking.js';
import { FACTS_OVERDUE_MS } from '../../domain/trade/overdue.js';
import type { AccountRow } from '../../store/accounts.js';
import type { Database } from '../../store/database.js';
import type { InstallationIdentity } from '../../store/installation.js';
import { limitsFrom, planSettingsFrom, previewLimitsFrom, switchesFrom } from '../settings.js';
import { type BreachNumbers, NO_BREACHES } from './breach-count.js';
import { InboxWatch } from './commit-watch.js';
import { Delivery } from './delivery.js';
import { Inbox } from './inbox.js';
import type { LeaseKeeper } from './lease-keeper.js';
import { MarketKeeper } from './market-keeper.js';
import { MissingFills } from './missing-fills.js';
import { explain } from './explain.js';
import { brokerFrom } from './open-broker.js';
import { createPictures, type Pictures } from './pictures.js';
import { createPlanDesk } from './plan-desk.js';
import { NO_METERS, type LinkGauges, type Meters } from './meters.js';
import { HealthPublisher } from './publisher.js';
import { ReconcileStarter } from './reconcile-starter.js';
import { BrokerSession } from './session.js';
import type { PictureCause } from './snapshot-keeper.js';
import { TrailKeeper } from './trail-keeper.js';

/** What is held when the socket is closed gets this long to be committed; the rest goes to disk. */
const LAST_COMMITS_MS = 2_000;

export interface LinkOptions {
  readonly config: Config;
  readonly db: Database;
  /** Connections of protection's own: nothing else is asked of them. */
  readonly protectDb: Database;
  readonly temporal: Client;
  readonly identity: InstallationIdentity;
  readonly connectionId: string;
  /** Higher than that of any process before. */
  readonly firstGeneration: number;
  readonly lease: LeaseKeeper;
  readonly log: Logger;
  /** What is counted of it. */
  readonly meters?: Meters;
  /** What guards of earlier processes have counted on this connection. */
  readonly countedBefore?: BreachNumbers;
  /** Facts would be lost: the process must stop and re-sync. */
  readonly onFatal: (reason: string) => void;
}

export interface Link {
  /** Opens the link and waits for the first sync. */
  open(timeoutMs: number): Promise<void>;
  accounts(): readonly AccountRow[];
  /** What the activities of this link's accounts are given. */
  readonly deps: BrokerDeps;
  /** The same on protection's own connections. */
  readonly protect: BrokerDeps;
  /** The same for reconciliations. */
  readonly reconcile: ReconcileDeps;
  /** Breaches of protection since this process began (TRD-3). */
  readonly guard: Pictures['guard'];
  /** The socket first, so that another may connect; then what it told is committed. Safe to call twice. */
  close(): Promise<void>;
}

/** Puts the link together; nothing is connected before `open`. */
export function createLink(options: LinkOptions): Link {
  const { config, db, protectDb, temporal, connectionId, lease, log, identity, onFatal } = options;
  const { meters = NO_METERS, countedBefore = NO_BREACHES } = options;
  const userId = identity.ownerId;
  const broker = brokerFrom(config, options.firstGeneration, log);
  const accounts = (): readonly AccountRow[] => session.accounts;
  const accountIds = (): readonly string[] => accounts().map((row) => row.id);
  const watch = new InboxWatch();
  const queuePrefix = config.taskQueuePrefix;
  const delivery = new Delivery({ db, temporal, queuePrefix, accountIds, log, told: meters.told });
  const inbox: Inbox = new Inbox({
    db,
    log,
    context: () => ({ userId, connectionId, accountIds: byBrokerId(accounts()) }),
    epoch: () => String(lease.current.epoch),
    onCommitted: (committed) => {
      watch.committed(committed);
      missingFills.committed(committed);
      guard.committed(committed.tradeId, committed.book);
      overdue.committed(committed.tradeId, committed.book);
      if (committed.wakes) delivery.notify(committed.tradeId);
    },
    onForeign: (facts) => outside.foreign(facts),
    onFacts: meters.committed,
    onOverflow: onFatal,
    spillFolder: join(config.ballastStateDir, 'inbox', connectionId),
  });
  watch.attach(inbox);
  const missingFills = new MissingFills((waitedMs) => keeper.refresh(causeAfter(waitedMs)), log);
  const market = new MarketKeeper(db, broker, connectionId, log, limitsFrom(config));
  const session: BrokerSession = new BrokerSession({
    ...{ db, broker, kind: config.broker, lease, inbox, market, userId, log },
    keeper: { refresh: (why) => keeper.refresh(why) },
    onChange: () => publisher.changed(),
    onSynced: () => starter.synced(),
    onPosition: (position) => outside.position(position),
  });
  const starter = new ReconcileStarter({ temporal, queuePrefix, accountIds, log });
  const writing = new Set<string>();
  const pictures = createPictures({
    ...{ config, db, protectDb, temporal, connectionId, log, broker, inbox, delivery },
    ...{ accountIds, accounts },
    viewpoint: () => viewpoint(deps),
    repair: (tradeId) => pursue(protect, tradeId),
  });
  const { keeper, guard, outside, overdue } = pictures;
  const parts = { market, commits: watch, delivery, writing };
  const parked = () => pictures.recovery.parked() ?? parkedNow(config, broker, session, keeper);
  const deps = activityDeps(options, { port: broker, session, keeper, guard, parked }, parts);
  const protect: BrokerDeps = { ...deps, db: protectDb };
  const publisher = new HealthPublisher({
    ...{ db, lease, parked, log, blindAlertMs: config.blindAlertMs },
    state: () => broker.state(),
    pictureAtMs: () => keeper.pictureAtMs(),
    numbers: () => guard.numbers(),
    countedBefore,
  });
  meters.watch(() => gaugesOf(broker, lease, inbox));
  const trails = new TrailKeeper({ deps, accountIds, notify: (id) => delivery.notify(id) });
  const others = [trails, publisher, missingFills, market, delivery, starter];
  return {
    accounts,
    deps,
    protect,
    reconcile: reconcileDeps(options, { keeper, inbox, delivery }),
    guard,
    open: (timeoutMs) => openLink(publisher, session, timeoutMs),
    close: once(() => closeInOrder(session, pictures, inbox, others)),
  };
}

function openLink(
  publisher: HealthPublisher,
  session: BrokerSession,
  timeoutMs: number,
): Promise<void> {
  publisher.start();
  session.open();
  return session.ready(timeoutMs);
}

function gaugesOf(broker: BrokerPort, lease: LeaseKeeper, inbox: Inbox): LinkGauges {
  const { ready: isReady, generation } = broker.state();
  return {
    ...{ isReady, generation, maySend: lease.isHeld(), pacing: broker.pacing?.() ?? null },
    ...{ heldCallbacks: inbox.heldCount, stuckTrades: inbox.stuckTrades().size },
  };
}

function byBrokerId(accounts: readonly AccountRow[]): Map<string, string> {
  return new Map(accounts.map((row) => [row.brokerAccountId, row.id]));
}

/** What is overdue is looked at with all open trades, and protected. */
function causeAfter(waitedMs: number): PictureCause {
  return waitedMs < FACTS_OVERDUE_MS ? 'look-up' : 'guard';
}

/** The socket first: it frees the client id, and nothing new comes. */
async function closeInOrder(
  session: BrokerSession,
  pictures: Pictures,
  inbox: Inbox,
  others: readonly { stop(): void }[],
): Promise<void> {
  await session.stop();
  for (const other of others) other.stop();
  await pictures.stop();
  await inbox.stop(LAST_COMMITS_MS);
}

function once(work: () => Promise<void>): () => Promise<void> {
  let begun: Promise<void> | null = null;
  return () => (begun ??= work());
}

/** Why entries must wait (BRK-8). A paper broker of our own knows no nights: the setting says so. */
function parkedNow(
  config: Config,
  broker: BrokerPort,
  { downSinceMs }: BrokerSession,
  keeper: Pictures['keeper'],
): Parked | null {
  if (!config.parkEntries) return null;
  const { day, weeklyLogin } = broker.capabilities;
  const facts = { nowMs: Date.now(), downSinceMs, pictureAtMs: keeper.pictureAtMs() };
  return parkedBy(day, weeklyLogin, facts);
}

function reconcileDeps(
  { db, config, log }: LinkOptions,
  parts: { keeper: Pictures['keeper']; inbox: Inbox; delivery: Delivery },
): ReconcileDeps {
  const { keeper, inbox, delivery } = parts;
  return {
    db,
    picture: () => keeper.refresh('reconcile'),
    hasStuck: (account) => inbox.hasStuck(account),
    explain: (unexplained) => explain({ db, delivery, inbox, log }, unexplained),
    remind: (tradeId) => delivery.remind(tradeId),
    recoveryDifference: config.recoveryDifference,
    limits: limitsFrom(config),
    nowMs: () => Date.now(),
  };
}

interface LinkParts {
  readonly port: BrokerPort;
  readonly session: BrokerSession;
  readonly keeper: Pictures['keeper'];
  readonly guard: Pictures['guard'];
  readonly parked: () => Parked | null;
}

function activityDeps(
  { config, db, identity, lease, log, meters }: LinkOptions,
  { port, session, keeper, guard, parked }: LinkParts,
  parts: Pick<BrokerDeps, 'market' | 'commits' | 'writing'> & { readonly delivery: Delivery },
): BrokerDeps {
  const { installationId } = identity;
  return {
    ...parts,
    db,
    link: {
      port,
      sessionClientId: config.ibkrClientId,
      ready: (timeoutMs) => session.ready(timeoutMs),
      picture: () => keeper.refresh('look-up'),
      pictureOfAll: () => keeper.refresh('guard'),
      // Nothing is sold for lack of a stop while too many trades lack theirs (TRD-3).
      readySinceMs: () => (guard.mayFlatten() ? session.readySinceMs : null),
      pictureAtMs: () => keeper.pictureAtMs(),
      parked,
      lease: () => lease.current,
      maySend: () => lease.isHeld(),
    },
    settings: {
      ackTimeoutMs: config.ackTimeoutMs,
      entrySendWindowMs: config.entrySendWindowMs,
      knowsNights: config.parkEntries,
      limits: limitsFrom(config),
      switches: switchesFrom(config),
      preview: previewLimitsFrom(config),
    },
    installationId,
    plans: createPlanDesk({
      ...{ db, installationId, settings: planSettingsFrom(config) },
      wake: (tradeId) => parts.delivery.notify(tradeId),
    }),
    log,
    nowMs: () => Date.now(),
    ...(meters && { sent: meters.sent }),
  };
}
