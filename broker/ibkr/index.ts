/** The IBKR adapter: everything of TWS's words and ways stays inside this folder. */
import { Listeners } from '../listeners.js';
import type { BrokerPort, PacingNumbers } from '../port.js';
import { assemble } from './assemble.js';
import { CAPABILITIES } from './capabilities.js';
import { settingsFrom } from './options.js';
import type { IbkrOptions } from './options.js';

export type { IbkrLimits, IbkrOptions, Logger } from './options.js';

/**
 * The port to one terminal of IBKR. Nothing happens before `open()`.
 * @throws RangeError for options that could never work.
 */
export function createIbkrBroker(options: IbkrOptions): BrokerPort {
  const settings = settingsFrom(options);
  const listeners = new Listeners(settings.logger);
  const parts = assemble(settings, (event) => listeners.emit(event));
  const { connection, memory, slots, quotes } = parts;
  return {
    capabilities: CAPABILITIES,
    state: () => connection.state(),
    pacing: () => pacingOf(parts),
    onEvent: (listener) => listeners.add(listener),
    open: () => connection.open(),
    declareSynced: (generation) => {
      connection.declareSynced(generation);
      quotes.resubscribe();
      parts.positionFeed.watch(connection.state().accounts);
    },
    close: async () => {
      connection.close();
      slots.close('closed by this system');
    },
    learnOrders: (known) => {
      for (const { sessionOrderId, clientOrderId, isLive } of known) {
        const order = memory.recallOwn(sessionOrderId);
        order.clientOrderId ??= clientOrderId;
        // What the database knows to live is never forgotten, however much was sent since (B7).
        if (isLive && !order.acknowledged) memory.stands(order, 'live');
      }
    },
    resolveContract: (instrument) => parts.contracts.resolve(instrument),
    quoteSnapshot: async (instrument) => quotes.snapshot(instrument),
    watchQuote: (instrument) => quotes.watch(instrument),
    dailyCloses: async (instrument) => parts.dailyCloses.ask(instrument),
    accountSnapshot: (account) => parts.accounts.snapshot(account),
    brokerTimeMs: () => parts.clock.ask(),
    whatIf: (order) => parts.whatIfs.ask(order),
    snapshot: () => parts.snapshots.take(),
    positions: () => parts.history.positions(),
    openSlot: (request) => slots.open(request),
  };
}

function pacingOf({ queue, slots }: ReturnType<typeof assemble>): PacingNumbers {
  const { used, limit, waiting } = queue.numbers();
  const protect = waiting.protect + slots.waitingFor('protect');
  return { used, limit, waiting: { ...waiting, protect, entry: slots.waitingFor('entry') } };
}
