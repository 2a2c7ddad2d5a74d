/** A client of the adapter under test, its events kept, and ways to wait for what must happen. */
import { approve } from '../../../domain/risk/approved.js';
import type { Approved } from '../../../domain/risk/approved.js';
import { messagesIn } from '../../../broker/port.js';
import type {
  BracketToSend,
  BrokerEvent,
  BrokerPort,
  OrderTerms,
  OrderToSend,
  SendReceipt,
  SlotRequest,
  WireGroup,
  WireMessage,
} from '../../../broker/port.js';
import { createIbkrBroker } from '../../../broker/ibkr/index.js';
import type { IbkrLimits, IbkrOptions, Logger } from '../../../broker/ibkr/index.js';
import type { Instrument } from '../../../domain/vocabulary.js';

export const SPY: Instrument = {
  symbol: 'SPY',
  securityType: 'STK',
  exchange: 'SMART',
  currency: 'USD',
};

const SILENT: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Short enough for tests, with the same proportions as in production. */
const TEST_LIMITS: Partial<IbkrLimits> = {
  backOffFirstMs: 30,
  backOffMaxMs: 150,
  handshakeTimeoutMs: 3_000,
  requestTimeoutMs: 3_000,
  listingTimeoutMs: 3_000,
  snapshotTimeoutMs: 3_000,
};

export interface Client {
  readonly broker: BrokerPort;
  readonly events: BrokerEvent[];
}

/** A client of a gateway on the loopback interface; not opened yet. */
export function clientOf(
  port: number,
  options: Partial<IbkrOptions> & { limits?: Partial<IbkrLimits> } = {},
): Client {
  const broker = createIbkrBroker({
    host: '127.0.0.1',
    port,
    clientId: 7,
    allowLive: false,
    authorizedAccounts: [],
    logger: SILENT,
    ...options,
    limits: { ...TEST_LIMITS, ...options.limits },
  });
  const events: BrokerEvent[] = [];
  broker.onEvent((event) => events.push(event));
  return { broker, events };
}

/** Opens it, waits for the handshake and declares it in sync. */
export async function ready(client: Client): Promise<Client> {
  client.broker.open();
  await until('the handshake', () => client.broker.state().socket === 'up');
  client.broker.declareSynced(client.broker.state().generation);
  return client;
}

/** Waits until the condition holds; fails with its title after the deadline. */
export async function until(
  title: string,
  condition: () => boolean,
  timeoutMs = 20_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > deadline)
      throw new Error(`waited ${timeoutMs} ms in vain for ${title}`);
    await pause(5);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Events of one kind, in the order in which they came. */
export function ofKind<K extends BrokerEvent['kind']>(
  events: readonly BrokerEvent[],
  kind: K,
): Extract<BrokerEvent, { kind: K }>[] {
  return events.filter((event): event is Extract<BrokerEvent, { kind: K }> => event.kind === kind);
}

/** A group of a bracket alone, after the cancels of older ones. */
export function bracketGroup(
  bracket: Approved<BracketToSend>,
  cancelsFirst: readonly number[] = [],
): WireGroup {
  return { cancelsFirst, bracket, messages: [] };
}

/** A group without a bracket. */
export function groupOf(...messages: WireMessage[]): WireGroup {
  return { cancelsFirst: [], bracket: null, messages };
}

/** A group of a bracket alone, with the prices that its test needs. */
export function bracketing(...bracket: Parameters<typeof bracketOf>): WireGroup {
  return bracketGroup(bracketOf(...bracket));
}

/** A group that places orders without an entry. */
export function placing(...orders: OrderToSend[]): WireGroup {
  return groupOf(...orders.map((order) => ({ kind: 'place', order }) as const));
}

/** A group that gives one order new terms. */
export function modifying(order: OrderToSend): WireGroup {
  return groupOf({ kind: 'modify', order });
}

/** A group that cancels orders. */
export function cancelling(...sessionOrderIds: number[]): WireGroup {
  return groupOf(
    ...sessionOrderIds.map((sessionOrderId) => ({ kind: 'cancel', sessionOrderId }) as const),
  );
}

/** A turn asked for, with patience. */
export function turn(
  priority: SlotRequest['priority'],
  messages: number,
  waitMs = 20_000,
): SlotRequest {
  return { priority, messages, deadlineMs: Date.now() + waitMs };
}

/** A guard that lets everything pass. */
export const PASS = (): void => undefined;

/** Long enough for a turn that can be had at once, short for one that never comes. */
export const SOON_MS = 100;

/**
 * Writes the group as the engine does: in a turn of its own, with the priority that its messages have.
 * @throws NotSentError when no turn came in time or nothing was written; UnknownOutcomeError.
 */
export async function write(
  broker: BrokerPort,
  group: WireGroup,
  { guard = PASS, waitMs }: { guard?: () => void; waitMs?: number } = {},
): Promise<SendReceipt> {
  const priority = group.bracket === null ? 'protect' : 'entry';
  const slot = await broker.openSlot(turn(priority, messagesIn(group), waitMs));
  try {
    return slot.write(group, guard);
  } finally {
    slot.release();
  }
}

export const BASE_TERMS: OrderTerms = {
  side: 'BUY',
  orderType: 'LMT',
  quantity: '10',
  limitPrice: '100',
  stopPrice: null,
  trailAmount: null,
  trailFraction: null,
  timeInForce: 'DAY',
  goodTillMs: null,
  outsideRegularHours: false,
  ocaGroup: null,
  ocaType: null,
  triggerMethod: null,
};

export function orderOf(
  sessionOrderId: number,
  clientOrderId: string,
  terms: Partial<OrderTerms> = {},
): OrderToSend {
  return {
    clientOrderId,
    sessionOrderId,
    account: 'DU1234567',
    instrument: SPY,
    terms: { ...BASE_TERMS, ...terms },
  };
}

/** A bracket with ids first, first+1 (target) and first+2 (stop), its exits in one OCA group. */
export function bracketOf(
  firstId: number,
  name: string,
  prices: { entry: string; stop: string; target: string },
): Approved<BracketToSend> {
  const exit: Partial<OrderTerms> = {
    side: 'SELL',
    timeInForce: 'GTC',
    ocaGroup: `oca-${name}`,
    ocaType: 2,
  };
  const bracket: BracketToSend = {
    entry: orderOf(firstId, `${name}-entry`, { limitPrice: prices.entry }),
    exits: [
      orderOf(firstId + 1, `${name}-target`, { ...exit, limitPrice: prices.target }),
      orderOf(firstId + 2, `${name}-stop`, {
        ...exit,
        orderType: 'STP',
        limitPrice: null,
        stopPrice: prices.stop,
        triggerMethod: 'bid_ask',
      }),
    ],
  };
  return approve(bracket, { decisionId: `decision-${name}`, verdict: 'approved' });
}
