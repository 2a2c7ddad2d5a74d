/** The IBKR adapter: everything of TWS's words and ways stays inside this folder. */
import { EventName } from '@stoqey/ib';
import type { IBApi } from '@stoqey/ib';
import type { BrokerCapabilities, BrokerEvent, BrokerPort } from '../port.js';
import { Accounts } from './account.js';
import { BrokerClock } from './broker-clock.js';
import { attachCallbacks } from './callbacks.js';
import { IbkrConnection } from './connection.js';
import type { ConnectionHooks } from './connection.js';
import { Contracts } from './contracts.js';
import { codeRow } from './error-codes.js';
import { History } from './history.js';
import { settingsFrom } from './options.js';
import type { IbkrOptions, Settings } from './options.js';
import { OrderDesk } from './order-desk.js';
import { OrderMemory } from './order-memory.js';
import { OrderReports } from './order-reports.js';
import { PacedQueue } from './pacing.js';
import { Quotes } from './quotes.js';
import { RequestTable } from './request-table.js';
import { Wire } from './wire.js';

export type { IbkrLimits, IbkrOptions, Logger } from './options.js';

const CAPABILITIES: BrokerCapabilities = {
  nativeBrackets: true,
  ocaGroups: true,
  modifyOrders: true,
  whatIf: true,
  goodTillDate: true,
  streamingQuotes: true,
};

/** What the library writes by itself in a handshake: the version offer and the start of the API. */
const HANDSHAKE_MESSAGES = 2;

/**
 * The port to one terminal of IBKR. Nothing happens before `open()`.
 * @throws RangeError for options that could never work.
 */
export function createIbkrBroker(options: IbkrOptions): BrokerPort {
  const settings = settingsFrom(options);
  const listeners = new Listeners(settings);
  const parts = assemble(settings, (event) => listeners.emit(event));
  const { connection, desk, history, memory } = parts;
  return {
    capabilities: CAPABILITIES,
    state: () => connection.state(),
    onEvent: (listener) => listeners.add(listener),
    open: () => connection.open(),
    declareSynced: () => {
      connection.declareSynced();
      parts.quotes.resubscribe();
    },
    close: async () => connection.close(),
    learnOrders: (known) => {
      for (const { sessionOrderId, clientOrderId } of known) {
        memory.recallOwn(sessionOrderId).clientOrderId ??= clientOrderId;
      }
    },
    resolveContract: (instrument) => parts.contracts.resolve(instrument),
    quoteSnapshot: async (instrument) => parts.quotes.snapshot(instrument),
    watchQuote: (instrument) => parts.quotes.watch(instrument),
    accountSnapshot: (account) => parts.accounts.snapshot(account),
    brokerTimeMs: () => parts.clock.ask(),
    whatIf: (order) => desk.whatIf(order),
    openOrders: () => history.openOrders(),
    completedOrders: () => history.completedOrders(),
    executions: () => history.executions(),
    positions: () => history.positions(),
    placeBracket: (bracket, sendOptions) => desk.placeBracket(bracket, sendOptions),
    placeExits: (exits, sendOptions) => desk.placeExits(exits, sendOptions),
    modify: (order, sendOptions) => desk.modify(order, sendOptions),
    cancel: (sessionOrderId, sendOptions) => desk.cancel(sessionOrderId, sendOptions),
  };
}

function assemble(settings: Settings, emit: (event: BrokerEvent) => void) {
  const { nowMs, logger } = settings;
  const queue = new PacedQueue({ ...settings.limits, ...settings });
  const requests = new RequestTable(logger);
  const memory = new OrderMemory(settings.clientId);
  const reports = new OrderReports(memory);
  const hooks: ConnectionHooks = {
    attach: (api) => attachAll(api),
    onSubscriptionsLost: () => quotes.connectionLost(),
    onDown: (reason) => {
      queue.clear(reason);
      requests.failAll(reason);
      history.connectionLost();
      quotes.connectionLost();
      clock.connectionLost(reason);
    },
    onStateChange: (state) => emit({ kind: 'connection', state, receivedAtMs: nowMs() }),
    onNotice: (code, message) => {
      const { errorClass } = codeRow(code);
      if (errorClass !== 'information') logger.warn('notice of the gateway', { code, message });
      emit({ kind: 'notice', code, message, errorClass, receivedAtMs: nowMs() });
    },
    askTime: () => clock.ask(),
  };
  const connection = new IbkrConnection(settings, hooks);
  const wire = new Wire(connection, queue);
  const clock = new BrokerClock(settings, wire, (second, askedAtMs) =>
    connection.takeBrokerTime(second, askedAtMs),
  );
  const contracts = new Contracts(settings, wire, requests);
  const quotes = new Quotes(settings, wire, requests, (symbol, quote) =>
    emit({ kind: 'quote', symbol, quote }),
  );
  const accounts = new Accounts(settings, wire, requests, (snapshot) =>
    emit({ kind: 'account', snapshot, receivedAtMs: nowMs() }),
  );
  const history = new History(settings, wire, requests);
  const desk = new OrderDesk({ settings, connection, wire, reports, requests });
  const attachAll = (api: IBApi): void => {
    for (const part of [clock, contracts, quotes, accounts, history]) part.attach(api);
    attachCallbacks(api, { settings, memory, reports, history, desk, quotes, requests, emit });
    api.on(EventName.connected, () => queue.countOwn(HANDSHAKE_MESSAGES));
  };
  return { connection, clock, contracts, quotes, accounts, history, desk, memory };
}

/** Delivers events one after the other; a listener that throws hurts neither the others nor the socket. */
class Listeners {
  private readonly listeners = new Set<(event: BrokerEvent) => void>();

  constructor(private readonly settings: Settings) {}

  add(listener: (event: BrokerEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  emit(event: BrokerEvent): void {
    for (const listener of this.listeners) {
      try {
        listener(event);
      } catch (error) {
        this.settings.logger.error('a listener of broker events threw: its event may be lost', {
          kind: event.kind,
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        });
      }
    }
  }
}
