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
import { codeRow } from './error-codes.js';
import { GroupWriter } from './group-writer.js';
import { History } from './history.js';
import type { Settings } from './options.js';
import { OrderDesk } from './order-desk.js';
import { OrderMemory } from './order-memory.js';
import { OrderReports } from './order-reports.js';
import { PacedQueue } from './pacing.js';
import { Quotes } from './quotes.js';
import { RequestTable } from './request-table.js';
import { Slots } from './slots.js';
import { Snapshots } from './snapshots.js';
import { Wire } from './wire.js';

/** What the library writes by itself in a handshake: the version offer and the start of the API. */
const HANDSHAKE_MESSAGES = 2;
const MESSAGE_UNREADABLE = 505;

/** Makes all parts; nothing is connected yet. Events go out through `emit`. */
export function assemble(settings: Settings, emit: (event: BrokerEvent) => void) {
  const { nowMs } = settings;
  let losses = 0;
  const onLost = (reason: string): void => {
    losses += 1;
    emit({ kind: 'snapshot_due', reason, receivedAtMs: nowMs() });
  };
  const queue = new PacedQueue({
    ...settings.limits,
    ...settings,
    askForProof: () => {
      if (connection.state().socket === 'up') clock.ask().catch(() => undefined);
    },
  });
  const requests = new RequestTable(settings.logger);
  const memory = new OrderMemory(settings.clientId);
  const reports = new OrderReports(memory);
  const hooks: ConnectionHooks = {
    attach: (api) => attachAll(api),
    onSubscriptionsLost: () => quotes.connectionLost(),
    onSession: () => queue.sessionBegan(),
    onDown: (reason) => {
      queue.clear(reason);
      for (const part of [clock, commissions, history, quotes]) part.connectionLost(reason);
      requests.failAll(reason);
    },
    onStateChange: (state) => {
      slots.connectionChanged();
      queue.pump();
      emit({ kind: 'connection', state, receivedAtMs: nowMs() });
    },
    onNotice: (code, message) => {
      tellNotice(settings, emit, code, message);
      if (code === MESSAGE_UNREADABLE) onLost(message);
    },
    askTime: () => clock.ask(),
  };
  const connection = new IbkrConnection(settings, hooks);
  const wire = new Wire(connection, queue);
  const clock = new BrokerClock(settings, wire, {
    onAnswer: (second, askedAtMs) => connection.takeBrokerTime(second, askedAtMs),
    onRead: (mark) => queue.read(mark),
  });
  const contracts = new Contracts(settings, wire, requests);
  const quotes = new Quotes(settings, wire, requests, (symbol, quote) =>
    emit({ kind: 'quote', symbol, quote }),
  );
  const accounts = new Accounts(settings, wire, requests, (snapshot) =>
    emit({ kind: 'account', snapshot, receivedAtMs: nowMs() }),
  );
  const history = new History(settings, wire, requests);
  const desk = new OrderDesk({ settings, connection, wire, reports, requests });
  const commissions = new Commissions((report) =>
    emit({ kind: 'commission', report, receivedAtMs: nowMs() }),
  );
  const snapshots = new Snapshots({
    nowMs,
    state: () => connection.state(),
    history,
    writes: () => reports.writes,
    losses: () => losses,
  });
  const slots = slotsOf(settings, { queue, connection, reports, desk });
  const attachAll = (api: IBApi): void => {
    for (const part of [clock, contracts, quotes, accounts, history]) part.attach(api);
    const told = { onRead: (mark: string) => queue.read(mark), onLost, emit };
    const isReady = (): boolean => connection.state().ready;
    const parts = { settings, memory, reports, history, desk, quotes, requests, commissions };
    attachCallbacks(api, { ...parts, ...told, isReady });
    api.on(EventName.connected, () => queue.wrote(HANDSHAKE_MESSAGES));
  };
  return {
    ...{ connection, clock, contracts, quotes, accounts },
    ...{ history, desk, memory, slots, snapshots },
  };
}

function slotsOf(
  settings: Settings,
  {
    queue,
    connection,
    reports,
    desk,
  }: { queue: PacedQueue; connection: IbkrConnection; reports: OrderReports; desk: OrderDesk },
): Slots {
  const writer = new GroupWriter({
    queue,
    reports,
    assertMayTrade: (account) => desk.assertMayTrade(account),
  });
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
  return slots;
}

function tellNotice(
  { logger, nowMs }: Settings,
  emit: (event: BrokerEvent) => void,
  code: number,
  message: string,
): void {
  const { errorClass } = codeRow(code);
  if (errorClass !== 'information') logger.warn('notice of the gateway', { code, message });
  emit({ kind: 'notice', code, message, errorClass, receivedAtMs: nowMs() });
}
