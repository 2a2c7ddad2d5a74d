/**
 * Ports over the real adapter of which one thing is wrong: each case of the conformance suite must notice
 * what it is there for.
 */
import { NotSentError, UnknownOutcomeError } from '../../../broker/port.js';
import type {
  BrokerCapabilities,
  BrokerEvent,
  BrokerPort,
  OrderReport,
  Slot,
  Snapshot,
} from '../../../broker/port.js';
import type { World } from '../../../conformance/case.js';

export type Break = (port: BrokerPort) => BrokerPort;

/** The same world, with what is wrong in each of its ports. */
export function withBreak(world: World, wrong: Break): World {
  return { ...world, connect: (role) => wrong(world.connect(role)) };
}

/** Events as they come, but for what the function makes of them; null swallows one. */
export function telling(change: (event: BrokerEvent) => BrokerEvent | null): Break {
  return (port) => ({
    ...port,
    onEvent: (listener) =>
      port.onEvent((event) => {
        const told = change(event);
        if (told) listener(told);
      }),
  });
}

export function showing(change: (snapshot: Snapshot) => Snapshot): Break {
  return (port) => ({ ...port, snapshot: async () => change(await port.snapshot()) });
}

export function showingOrders(change: (report: OrderReport) => OrderReport): Break {
  return showing((snapshot) => ({ ...snapshot, orders: snapshot.orders.map(change) }));
}

/** Turns whose write is another one. */
export function writing(change: (slot: Slot) => Slot['write']): Break {
  return (port) => ({
    ...port,
    openSlot: async (request) => {
      const slot = await port.openSlot(request);
      return { ...slot, write: change(slot) };
    },
  });
}

/** Says that it lacks something, and refuses it as it should, or sends it all the same. */
export function lacking(missing: Partial<BrokerCapabilities>, isHonest: boolean): Break {
  return (port) => {
    const capabilities = { ...port.capabilities, ...missing };
    const refuse = (group: Parameters<Slot['write']>[0]) => {
      const denied =
        (group.bracket !== null && !capabilities.nativeBrackets) ||
        group.messages.some(
          (message) =>
            (message.kind === 'modify' && !capabilities.modifyOrders) ||
            (message.kind !== 'cancel' &&
              ((message.order.terms.ocaGroup !== null && !capabilities.ocaGroups) ||
                !capabilities.orderTypes.includes(message.order.terms.orderType))),
        );
      if (denied && isHonest) throw new NotSentError('invalid', 'this broker has none of that');
    };
    const careful = writing((slot) => (group, guard) => {
      refuse(group);
      return slot.write(group, guard);
    });
    return { ...careful(port), capabilities };
  };
}

/** Writes, and claims then that nothing left. */
export const denyingWrites: Break = writing((slot) => (group, guard) => {
  slot.write(group, guard);
  throw new NotSentError('not_ready', 'nothing was sent, it says');
});

/** Doesn't know of a write that it was refused: neither sent nor unsent. */
export const vagueRefusals: Break = writing((slot) => (group, guard) => {
  try {
    return slot.write(group, guard);
  } catch {
    throw new UnknownOutcomeError('who knows');
  }
});
