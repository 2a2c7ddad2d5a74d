/** One link to a broker with everything that lives on it: inbox, deliveries, market rows, session. */
import type { Client } from '@temporalio/client';
import type { BrokerDeps } from '../../activities/deps.js';
import { createBroker } from '../../broker/factory.js';
import type { BrokerPort } from '../../broker/port.js';
import type { Config } from '../../config/index.js';
import type { Logger } from '../../config/logger.js';
import type { AccountRow } from '../../store/accounts.js';
import type { Database } from '../../store/database.js';
import type { InstallationIdentity } from '../../store/installation.js';
import { refuseLiveAccounts } from '../failpoints.js';
import { limitsFrom, switchesFrom } from '../settings.js';
import { InboxWatch } from './commit-watch.js';
import { Delivery } from './delivery.js';
import { Inbox } from './inbox.js';
import type { LeaseKeeper } from './lease-keeper.js';
import { MarketKeeper } from './market-keeper.js';
import { MissingFills } from './missing-fills.js';
import { BrokerSession } from './session.js';

/** Health is published at least this often; others take a silent link for a dead one. */
const PUBLISH_EVERY_MS = 1_000;

export interface LinkOptions {
  readonly config: Config;
  readonly db: Database;
  readonly temporal: Client;
  readonly identity: InstallationIdentity;
  readonly connectionId: string;
  /** Higher than that of any process before. */
  readonly firstGeneration: number;
  readonly lease: LeaseKeeper;
  readonly log: Logger;
  /** Facts would be lost: the process must stop and re-sync. */
  readonly onFatal: (reason: string) => void;
}

export interface Link {
  /** Opens the link and waits for the first sync. */
  open(timeoutMs: number): Promise<void>;
  accounts(): readonly AccountRow[];
  /** What the activities of this link's accounts are given. */
  readonly deps: BrokerDeps;
  close(): Promise<void>;
}

/** Puts the link together; nothing is connected before `open`. */
export function createLink(options: LinkOptions): Link {
  const { config, db, temporal, connectionId, lease, log, identity, onFatal } = options;
  const userId = identity.ownerId;
  const broker = brokerOf(options);
  broker.onEvent((event) => {
    if (event.kind === 'connection') refuseLiveAccounts(event.state.accounts, log);
  });
  const accounts = (): readonly AccountRow[] => session.accounts;
  const watch = new InboxWatch();
  const delivery = new Delivery({
    db,
    temporal,
    queuePrefix: config.taskQueuePrefix,
    accountIds: () => accounts().map((row) => row.id),
    log,
  });
  const inbox: Inbox = new Inbox({
    db,
    log,
    context: () => ({
      userId,
      connectionId,
      accountIds: new Map(accounts().map((row) => [row.brokerAccountId, row.id])),
    }),
    onCommitted: (committed) => {
      watch.committed(committed);
      missingFills.committed(committed);
      if (committed.wakes) delivery.notify(committed.tradeId);
    },
    onOverflow: () => onFatal('too many callbacks wait for the database'),
  });
  watch.attach(inbox);
  const missingFills = new MissingFills(() => session.readExecutions(), log);
  const market = new MarketKeeper(db, broker, connectionId, log);
  const session: BrokerSession = new BrokerSession({
    db,
    broker,
    lease,
    inbox,
    market,
    userId,
    log,
  });
  const publish = setInterval(() => void session.publish(), PUBLISH_EVERY_MS);
  return {
    accounts,
    deps: activityDeps(options, broker, session, { market, commits: watch, delivery }),
    open: async (timeoutMs) => {
      session.open();
      await session.ready(timeoutMs);
    },
    close: async () => {
      clearInterval(publish);
      delivery.stop();
      missingFills.stop();
      market.stop();
      await session.stop();
    },
  };
}

function brokerOf({ config, log, firstGeneration }: LinkOptions): BrokerPort {
  return createBroker('ibkr', {
    firstGeneration,
    host: config.ibkrHost,
    port: config.ibkrPort,
    clientId: config.ibkrClientId,
    allowLive: config.allowLive,
    authorizedAccounts: config.ibkrAuthorizedAccounts,
    limits: { maxMessagesPerSecond: config.maxMessagesPerSecond },
    logger: {
      info: (message, fields) => log.info(fields ?? {}, message),
      warn: (message, fields) => log.warn(fields ?? {}, message),
      error: (message, fields) => log.error(fields ?? {}, message),
    },
  });
}

function activityDeps(
  { config, db, identity, lease, log }: LinkOptions,
  port: BrokerPort,
  session: BrokerSession,
  parts: Pick<BrokerDeps, 'market' | 'commits' | 'delivery'>,
): BrokerDeps {
  return {
    ...parts,
    db,
    link: {
      port,
      sessionClientId: config.ibkrClientId,
      ready: (timeoutMs) => session.ready(timeoutMs),
      picture: () => session.picture(),
      readySinceMs: () => session.readySinceMs,
      pictureAtMs: () => session.pictureAtMs,
      lease: () => lease.current,
      maySend: () => lease.isHeld(),
    },
    settings: {
      ackTimeoutMs: config.ackTimeoutMs,
      entrySendWindowMs: config.entrySendWindowMs,
      limits: limitsFrom(config),
      switches: switchesFrom(config),
    },
    writing: new Set(),
    installationId: identity.installationId,
    log,
    nowMs: () => Date.now(),
  };
}
