/** Writes a group of order messages in one tick: encoded and checked whole, then handed over whole. */
import type { IBApi } from '@stoqey/ib';
import { messagesIn } from '../../domain/broker/group.js';
import type { OrderToSend, WireGroup, WireMessage } from '../../domain/broker/group.js';
import { failpointSync } from '../../failpoints/failpoint.js';
import { NotSentError } from '../port.js';
import type { SendReceipt } from '../port.js';
import { encodeBracket, encodeOrder } from './encode.js';
import type { EncodedOrder } from './encode.js';
import type { Write } from './library.js';
import type { OrderReports } from './order-reports.js';
import { asNotSent } from './pacing.js';
import type { PacedQueue } from './pacing.js';
import { kindOf } from '../group-kind.js';
import type { HeldSlot } from '../slots.js';
import type { Session } from './session.js';

/** One protocol message of a group. */
interface Step {
  /** What its first callback names it by; null where a callback would prove nothing. */
  readonly mark: string | null;
  readonly account: string | null;
  /** Notes what is sent, so that the first callback finds it, and hands it over. */
  readonly write: (api: IBApi) => void;
}

export interface GroupWriterParts {
  readonly queue: PacedQueue;
  readonly reports: OrderReports;
  /** @throws NotSentError `guard` when the account must not be traded. */
  readonly assertMayTrade: (account: string) => void;
}

export class GroupWriter {
  constructor(private readonly parts: GroupWriterParts) {}

  /**
   * Writes the group on the slot's own connection.
   * @throws NotSentError when nothing was written; UnknownOutcomeError when some or all may have been.
   */
  write(group: WireGroup, { session, messages, tradeId, guard }: HeldSlot<Session>): SendReceipt {
    const steps = this.stepsOf(group);
    if (steps.length === 0 || steps.length > messages) {
      const told = `the slot was opened for ${messages} messages, the group has ${messagesIn(group)}`;
      throw new NotSentError('invalid', told);
    }
    const kind = kindOf(group);
    const context = { tradeId };
    session.requireCurrent();
    for (const { account } of steps) if (account !== null) this.parts.assertMayTrade(account);
    runGuard(guard);
    failpointSync(`write.${kind}.before`, context);
    const receipt = this.parts.queue.write(
      steps.map(({ mark }) => mark),
      () => session.library.write(steps.length, handOver(steps, between(group, context))),
    );
    failpointSync(`write.${kind}.after`, context);
    return receipt;
  }

  private stepsOf({ cancelsFirst, bracket, messages }: WireGroup): Step[] {
    return [
      ...cancelsFirst.map((sessionOrderId) => this.cancel(sessionOrderId)),
      ...(bracket === null ? [] : this.bracket(bracket)),
      ...messages.map((message) => this.stepOf(message)),
    ];
  }

  private bracket(bracket: NonNullable<WireGroup['bracket']>): Step[] {
    const orders = [bracket.entry, ...bracket.exits];
    const parentId = bracket.entry.sessionOrderId;
    return encodeBracket(bracket).map((encoded, index) =>
      this.place(orders[index]!, encoded, index === 0 ? 0 : parentId),
    );
  }

  private stepOf(message: WireMessage): Step {
    switch (message.kind) {
      case 'place':
        return this.place(
          message.order,
          encodeOrder(message.order, { transmit: true, parentId: 0 }),
          0,
        );
      case 'modify':
        return this.modify(message.order);
      case 'cancel':
        return this.cancel(message.sessionOrderId);
    }
  }

  private place(order: OrderToSend, encoded: EncodedOrder, parentId: number): Step {
    const { reports } = this.parts;
    return {
      mark: reports.freshMark(order.sessionOrderId),
      account: order.account,
      write: (api) => {
        reports.noteSent(order, { kind: 'order', parentId });
        api.placeOrder(encoded.orderId, encoded.contract, encoded.order);
      },
    };
  }

  /** A child keeps its parent: TWS takes a missing parent id for a change of it. */
  private modify(order: OrderToSend): Step {
    const { reports } = this.parts;
    const parentId = reports.parentOf(order.sessionOrderId);
    const encoded = encodeOrder(order, { transmit: true, parentId });
    return {
      mark: null,
      account: order.account,
      write: (api) => {
        reports.noteSent(order, { kind: 'modification', parentId });
        api.placeOrder(encoded.orderId, encoded.contract, encoded.order);
      },
    };
  }

  /** Cancels always pass the live guard: they only reduce. */
  private cancel(sessionOrderId: number): Step {
    return {
      mark: null,
      account: null,
      write: (api) => {
        this.parts.reports.noteCancel(sessionOrderId);
        api.cancelOrder(sessionOrderId);
      },
    };
  }
}

interface Between {
  /** The message before which the failpoint stands; null without one. */
  readonly index: number | null;
  readonly pass: (flush: () => void) => void;
}

/** Between the first order that a group places and what comes after it. */
function between(group: WireGroup, context: { tradeId: string | undefined }): Between {
  const kind = kindOf(group);
  if (kind !== 'bracket' && kind !== 'exits') return { index: null, pass: () => undefined };
  const first = group.bracket === null ? group.messages.findIndex((m) => m.kind === 'place') : 0;
  return {
    index: group.cancelsFirst.length + first + 1,
    pass: (flush) => failpointSync(`write.${kind}.between`, context, flush),
  };
}

function handOver(steps: readonly Step[], { index: at, pass }: Between): Write {
  return (api, flush) => {
    for (const [index, step] of steps.entries()) {
      if (index === at) pass(flush);
      step.write(api);
    }
  };
}

function runGuard(guard: () => void): void {
  try {
    guard();
  } catch (error) {
    throw asNotSent(error);
  }
}
