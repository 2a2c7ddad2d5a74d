/**
 * A world behind SnapTrade's API: the stub of it. SnapTrade keeps no reference of the client on its orders, so the world
 * does what an owner's database does: it remembers what was sent and the ids that came back, and teaches
 * each new port of them.
 */
import { createBroker } from '../../broker/factory.js';
import type { BrokerOptions } from '../../broker/factory.js';
import type { BrokerPort, KnownOrder, SentOrder, Slot, WireGroup } from '../../broker/port.js';
import type { DecimalText } from '../../domain/money.js';
import type { Ability, Controls, Disturbance, World } from '../case.js';
import { post } from './control-port.js';
import { newRun, stock, UNLISTED } from './terminal.js';

export interface SnapTradeWorldOptions {
  readonly name: string;
  /** As the adapter takes it. */
  readonly broker: BrokerOptions['snaptrade'];
  readonly account: string;
  readonly symbol: string;
  readonly quantity: DecimalText;
  readonly referencePrice: DecimalText;
  readonly abilities: readonly Ability[];
  readonly controlPort: number;
  readonly patienceMs: number;
  readonly quietMs: number;
}

/** How long the API is away: long enough to be seen, short enough to be waited for. */
const AWAY_SECONDS = 1;

const FAULTS: Readonly<Record<Disturbance, Readonly<Record<string, unknown>>>> = {
  'the servers are lost for a while': { name: 'unavailable', seconds: AWAY_SECONDS },
  'the link is cut': { name: 'cut' },
  'the link is cut after the next order arrived': { name: 'cut-after-order' },
  'the next order is lost without a word': { name: 'order-swallowed' },
};

/** The world of these options. Nothing is connected yet. */
export function snapTradeWorld(options: SnapTradeWorldOptions): World {
  const { symbol, broker, controlPort, referencePrice } = options;
  const memory = new Memory();
  return {
    ...options,
    instrument: stock(symbol),
    unlisted: stock(UNLISTED),
    run: newRun(),
    abilities: new Set(options.abilities),
    controls: controlsOf(controlPort, symbol, referencePrice),
    sessionClientId: () => broker.sessionClientId,
    connect: () => memory.kept(createBroker('snaptrade', broker)),
  };
}

function controlsOf(port: number, symbol: string, calmPrice: DecimalText): Controls {
  const setPrice = async (price: DecimalText, offered?: number): Promise<void> => {
    await post(port, '/prices', {
      [symbol]: offered === undefined ? price : { price, size: offered },
    });
  };
  return {
    setPrice,
    disturb: (what) => post(port, '/faults', FAULTS[what]),
    calm: async () => {
      await post(port, '/faults', {});
      await setPrice(calmPrice);
    },
  };
}

/** What was sent in this world, and the broker's ids of it. */
class Memory {
  private readonly sent = new Map<string, { sessionOrderId: number; sent: SentOrder }>();
  private readonly brokerIds = new Map<string, string[]>();

  /** The port, taught of all that was sent before; what it sends is remembered. */
  kept(port: BrokerPort): BrokerPort {
    port.learnOrders(this.known());
    port.onEvent((event) => {
      if (event.kind === 'order') this.told(event.report);
    });
    return {
      ...port,
      openSlot: async (request) => this.watched(await port.openSlot(request)),
    };
  }

  private known(): KnownOrder[] {
    return [...this.sent].map(([clientOrderId, order]) => ({
      ...{ clientOrderId, ...order, isLive: true },
      brokerOrderIds: this.brokerIds.get(clientOrderId) ?? [],
    }));
  }

  private told(report: { clientOrderId: string | null; brokerOrderId: string | null }): void {
    const { clientOrderId, brokerOrderId } = report;
    if (clientOrderId === null || brokerOrderId === null) return;
    const ids = this.brokerIds.get(clientOrderId) ?? [];
    if (!ids.includes(brokerOrderId)) ids.push(brokerOrderId);
    this.brokerIds.set(clientOrderId, ids);
  }

  private watched(slot: Slot): Slot {
    return {
      ...slot,
      write: (group, guard) => {
        const receipt = slot.write(group, guard);
        this.wrote(group, receipt.writtenAtMs);
        return receipt;
      },
    };
  }

  private wrote({ bracket, messages }: WireGroup, writtenAtMs: number): void {
    const placed = messages.flatMap((one) => (one.kind === 'place' ? [one.order] : []));
    for (const order of [...(bracket ? [bracket.entry] : []), ...placed]) {
      const { clientOrderId, sessionOrderId, account, instrument, terms } = order;
      const sent = { account, symbol: instrument.symbol, terms, writtenAtMs };
      this.sent.set(clientOrderId, { sessionOrderId, sent });
    }
  }
}
