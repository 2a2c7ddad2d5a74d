/** The adapter's parts, wired to one another. */
import { EventName } from '@stoqey/ib';
import type { IBApi } from '@stoqey/ib';
import type { BrokerEvent } from '../port.js';
import { Accounts } from './account.js';
import { BrokerClock } from './broker-clock.js';
import { attachCallbacks } from './callbacks.js';
import { Commissions } from './commissions.js';
import { IbkrConnection } from './connection.js';
import type { ConnectionHooks } from './connection.js';
import { Contracts } from './contracts.js';
import { DailyCloses } from './daily-closes.js';
import { codeRow } from './error-codes.js';
import { GroupWriter } from './group-writer.js';
import { assertMayTrade } from './guard.js';
import { History } from './history.js';
import type { Settings } from './options.js';
import { OrderMemory } from './order-memory.js';
import { OrderReports } from './order-reports.js';
import { PacedQueue } from './pacing.js';
import { PositionFeed } from './position-feed.js';
import { Quotes } from './quotes.js';
import { RequestTable } from './request-table.js';
import { Slots } from '../slots.js';
import { Snapshots } from './snapshots.js';
import { WhatIfs } from './what-ifs.js';
import { Wire } from './wire.js';

/** What the library writes by itself in a handshake: the version offer and the start of the API. */
const HANDSHAKE_MESSAGES = 2;
const MESSAGE_UNREADABLE = 505;

type Emit = (event: BrokerEvent) => void;

/** Makes all parts; nothing is connected yet. Events go out through `emit`. */
export function assemble(settings: Settings, emit: Emit) {
  const { nowMs } = settings;
  const losses = new Losses((reason) =>
    emit({ kind: 'snapshot_due', reason, receivedAtMs: nowMs() }),
  );
  const queue = new PacedQueue({
    ...settings.limits,
    ...settings,
    askForProof: () => {
      if (connection.state().socket === 'up') asking.clock.ask().catch(() => undefined);
    },
  });
  const hooks: ConnectionHooks = {
    attach: (api) => attachAll(api),
    onSubscriptionsLost: () => asking.subscriptionsLost(),
    onSession: () => queue.sessionBegan(),
    onDown: (reason) => {
      queue.clear(reason);
      asking.connectionLost(reason);
      commissions.connectionLost();
    },
    onStateChange: (state) => {
      sending.slots.connectionChanged();
      queue.pump();
      emit({ kind: 'connection', state, receivedAtMs: nowMs() });
    },
    onNotice: (code, message) => {
      tellNotice(settings, emit, { code, message });
      if (code === MESSAGE_UNREADABLE) losses.note(message);
    },
    askTime: () => asking.clock.ask(),
  };
  const connection = new IbkrConnection(settings, hooks);
  const base = { settings, queue, connection, emit, wire: new Wire(connection, queue) };
  const asking = askingParts(base);
  const sending = sendingParts(base, asking);
  const commissions = new Commissions((report) =>
    emit({ kind: 'commission', report, receivedAtMs: nowMs() }),
  );
  const attachAll = (api: IBApi): void => {
    asking.attach(api);
    const told = { onRead: (mark: string) => queue.read(mark), emit, commissions };
    const onLost = (reason: string): void => losses.note(reason);
    const isReady = (): boolean => connection.state().ready;
    const generation = (): number => connection.state().generation;
    const link = { onLost, isReady, generation };
    attachCallbacks(api, { settings, ...asking, ...sending, ...told, ...link });
    api.on(EventName.connected, () => queue.wrote(HANDSHAKE_MESSAGES));
  };
  const snapshots = new Snapshots({
    nowMs,
    state: () => connection.state(),
    history: asking.history,
    writes: () => sending.reports.writes,
    losses: () => losses.count,
  });
  return { connection, queue, snapshots, ...asking, ...sending };
}

interface Base {
  readonly settings: Settings;
  readonly queue: PacedQueue;
  readonly connection: IbkrConnection;
  readonly emit: Emit;
  readonly wire: Wire;
}

/** Messages of the broker that could not be read: what they said is lost. */
class Losses {
  count = 0;

  constructor(private readonly tell: (reason: string) => void) {}

  note(reason: string): void {
    this.count += 1;
    this.tell(reason);
  }
}

/** What asks the broker and listens to its answers. */
function askingParts({ settings, queue, connection, emit, wire }: Base) {
  const requests = new RequestTable(settings.logger);
  const clock = new BrokerClock(settings, wire, {
    onAnswer: (second, askedAtMs) => connection.takeBrokerTime(second, askedAtMs),
    onRead: (mark) => queue.read(mark),
  });
  const contracts = new Contracts(settings, wire, requests);
  const quotes = new Quotes(settings, wire, requests, (instrument, quote) =>
    emit({ kind: 'quote', instrument, quote }),
  );
  const accounts = new Accounts(settings, wire, requests, (snapshot) =>
    emit({ kind: 'account', snapshot, receivedAtMs: settings.nowMs() }),
  );
  const dailyCloses = new DailyCloses(settings, wire, requests);
  const history = new History(settings, wire, requests);
  const positionFeed = new PositionFeed(settings, wire, requests, (position) =>
    emit({ kind: 'position', position, receivedAtMs: settings.nowMs() }),
  );
  const listening = [clock, contracts, quotes, accounts, dailyCloses, history, positionFeed];
  return {
    ...{ requests, clock, contracts, quotes, accounts, dailyCloses, history, positionFeed },
    attach: (api: IBApi): void => {
      for (const part of listening) part.attach(api);
    },
    /** Asked for anew once in sync: what the broker tells by itself. */
    subscriptionsLost: (): void => {
      for (const part of [quotes, positionFeed]) part.connectionLost();
    },
    connectionLost: (reason: string): void => {
      requests.failAll(reason);
      for (const part of [history, quotes, clock, positionFeed]) part.connectionLost(reason);
    },
  };
}

/** What sends orders and knows what was sent. */
function sendingParts(
  { settings, queue, connection, wire }: Base,
  { requests }: { readonly requests: RequestTable },
) {
  const memory = new OrderMemory(settings.clientId);
  const reports = new OrderReports(memory);
  const mayTrade = {
    assertMayTrade: (account: string): void => {
      const reportedAccounts = connection.state().accounts;
      assertMayTrade({ ...settings, reportedAccounts, account });
    },
  };
  const whatIfs = new WhatIfs({ settings, connection, wire, requests, ...mayTrade });
  const writer = new GroupWriter({ queue, reports, ...mayTrade });
  const slots = new Slots({
    nowMs: settings.nowMs,
    maxWaiting: settings.limits.maxQueuedUnits,
    largest: (priority) => queue.largest(priority),
    state: () => connection.state(),
    session: () => connection.session(),
    write: (group, held) => writer.write(group, held),
    onChange: () => queue.pump(),
  });
  queue.serve(slots);
  return { memory, reports, whatIfs, slots };
}

function tellNotice(
  { logger, nowMs }: Settings,
  emit: Emit,
  { code, message }: { readonly code: number; readonly message: string },
): void {
  const { errorClass } = codeRow(code);
  if (errorClass !== 'information') logger.warn('notice of the gateway', { code, message });
  emit({ kind: 'notice', code, message, errorClass, receivedAtMs: nowMs() });
}
