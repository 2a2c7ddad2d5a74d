/** The SnapTrade adapter: everything of its words and ways stays inside this folder. */
import { BrokerRequestError, NoAnswerError, NotSentError } from '../port.js';
import type { BrokerEvent, BrokerPort, BrokerPosition } from '../port.js';
import { Listeners } from '../listeners.js';
import { Slots } from '../slots.js';
import type { WriteSession } from '../slots.js';
import { accountFigures } from './accounts.js';
import { Api } from './api.js';
import { CAPABILITIES } from './capabilities.js';
import { Connection } from './connection.js';
import { assertMayTrade } from './guard.js';
import { Legs } from './legs.js';
import { Looker } from './looker.js';
import { Market, questionError } from './market.js';
import { settingsFrom } from './options.js';
import type { Settings, SnapTradeOptions } from './options.js';
import { Snapshots } from './snapshots.js';
import { Teller } from './teller.js';
import { Writer } from './writer.js';

export type { SnapTradeLimits, SnapTradeOptions } from './options.js';

/**
 * The port to one user's accounts at SnapTrade. Nothing happens before `open()`.
 * @throws RangeError for options that could never work.
 */
export function createSnapTradeBroker(options: SnapTradeOptions): BrokerPort {
  const settings = settingsFrom(options);
  const listeners = new Listeners(settings.logger);
  const parts = assemble(settings, (event) => listeners.emit(event));
  const { api, connection, legs, slots, market, snapshots } = parts;
  const requireOpen = () => {
    const { socket, reason } = connection.state();
    if (socket !== 'up') throw new NoAnswerError(`not connected: ${reason}`);
  };
  const { absence = CAPABILITIES.absence } = settings;
  return {
    capabilities: { ...CAPABILITIES, absence },
    state: () => connection.state(),
    onEvent: (listener) => listeners.add(listener),
    open: () => connection.open(),
    declareSynced: (generation) => {
      connection.declareSynced(generation);
      slots.connectionChanged();
      parts.pump();
    },
    close: async () => {
      connection.close();
      slots.close('closed by this system');
      parts.stop();
    },
    learnOrders: (known) => legs.learn(known),
    resolveContract: async (instrument) => market.resolve(instrument),
    quoteSnapshot: async (instrument) => market.quote(instrument),
    watchQuote: () => {
      throw new NotSentError('invalid', 'SnapTrade streams no quotes: ask for one (quoteSnapshot)');
    },
    dailyCloses: async (instrument) => {
      throw new BrokerRequestError(501, `SnapTrade has no closing prices of ${instrument.symbol}`);
    },
    accountSnapshot: async (account) => {
      requireOpen();
      return accountFigures(api, settings, account).catch((error: unknown) => {
        throw questionError(error);
      });
    },
    brokerTimeMs: async () => {
      requireOpen();
      const { timestamp } = await api.status().catch((error: unknown) => {
        throw questionError(error);
      });
      return Date.parse(timestamp);
    },
    whatIf: async (order) => market.whatIf(order),
    snapshot: () => snapshots.take(),
    positions: async () => {
      const { socket, reason } = connection.state();
      if (socket !== 'up') throw new NotSentError('not_ready', `not asked: ${reason}`);
      return snapshots.positions();
    },
    openSlot: (request) => slots.open(request),
  };
}

/** The adapter's parts, wired to one another. */
function assemble(settings: Settings, emit: (event: BrokerEvent) => void) {
  const { nowMs, limits, allowLive, authorizedAccounts } = settings;
  const api = new Api(settings);
  const legs = new Legs();
  let paperAccounts: ReadonlySet<string> = new Set();
  const connection: Connection = new Connection(settings, api, {
    onChange: (state) => {
      slots.connectionChanged();
      emit({ kind: 'connection', state, receivedAtMs: nowMs() });
    },
    look: () => looker.look(),
    areAtWork: () => legs.areAtWork,
    nextValidId: () => legs.nextValidId,
    onPaper: (paper) => {
      paperAccounts = paper;
    },
  });
  const state = () => connection.state();
  const teller = new Teller(settings, legs, emit, () => state().generation);
  const market = new Market(settings, api, state);
  const mayTrade = (account: string): void => {
    const { accounts: reportedAccounts } = state();
    assertMayTrade({ reportedAccounts, paperAccounts, account, allowLive, authorizedAccounts });
  };
  const writer: Writer = new Writer({
    ...{ settings, api, legs, teller, connection, emit, assertMayTrade: mayTrade },
    symbolIdOf: (order) => market.knownIdOf(order),
    onEnd: () => pump(),
  });
  const looker: Looker = new Looker({ settings, api, legs, teller, writer, state, emit });
  const slots: Slots<WriteSession> = new Slots({
    ...{ nowMs, state, maxWaiting: limits.maxQueuedUnits },
    largest: () => limits.maxMessagesPerGroup,
    session: () => connection.session(),
    write: (group, held) => writer.write(group, held),
    onChange: () => pump(),
  });
  const { pump, stop } = pumping(slots, writer, api);
  const snapshots = new Snapshots({
    ...{ settings, api, legs, teller, writer, state },
    onPositions: tellNew(emit, settings),
  });
  return { api, legs, connection, slots, market, snapshots, pump, stop };
}

/** Gives turns: one at a time, protective work first, none while a write is under way or no request is free. */
function pumping(slots: Slots<WriteSession>, writer: Writer, api: Api) {
  let timer: NodeJS.Timeout | undefined;
  const pump = (): void => {
    clearTimeout(timer);
    if (writer.isBusy) return;
    for (const priority of ['protect', 'entry'] as const) {
      const messages = slots.next(priority);
      if (messages === null) continue;
      const waitMs = api.budget.waitMs(priority, messages);
      if (waitMs === 0) slots.take(priority);
      else timer = setTimeout(pump, waitMs);
      return;
    }
  };
  return { pump, stop: () => clearTimeout(timer) };
}

/** Tells what an account holds when it is another than before. */
function tellNew(emit: (event: BrokerEvent) => void, { nowMs }: Settings) {
  let before = new Map<string, string>();
  return (positions: readonly BrokerPosition[]): void => {
    const now = new Map(positions.map((one) => [keyOf(one), one.quantity]));
    for (const position of positions) {
      if (before.get(keyOf(position)) === position.quantity) continue;
      emit({ kind: 'position', position, receivedAtMs: nowMs() });
    }
    before = now;
  };
}

function keyOf({ account, brokerContractId }: BrokerPosition): string {
  return `${account} ${brokerContractId}`;
}
