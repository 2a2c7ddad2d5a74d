/** Every message received, by number; every order message one by one, with what became of it. */
import type { LedgerInput } from './inputs.js';

/** Order messages beyond this lose their single record, oldest first; the counts stay. */
const ORDER_MESSAGES_MAX = 20_000;

export interface OrderMessage {
  atMs: number;
  kind: 'place' | 'cancel';
  clientId: number;
  /** -1: global cancel. */
  orderId: number;
  orderRef: string;
  /**
   * `waiting` until the exchange answers; then `staged`, the order's first status, `error <code>`, or
   * the wire's word: `dropped`, `refused`, `what-if`.
   */
  outcome: string;
}

export class Messages {
  /** By TWS message id, since the gateway's state began. */
  byId: Record<string, number> = {};
  connects = 0;
  disconnects = 0;
  pacingViolations = 0;
  readonly orderMessages: OrderMessage[] = [];
  private readonly open = new Map<string, OrderMessage>();
  /** Totals of earlier runs of the gateway. */
  private earlier: Record<string, number> = {};

  count(input: LedgerInput): void {
    if (input.kind === 'up') this.earlier = { ...this.byId };
    else if (input.kind === 'messages') this.total(input.counts);
    else if (input.kind === 'connected') this.connects += 1;
    else if (input.kind === 'disconnected') this.disconnects += 1;
    else if (input.kind === 'pacing') this.pacingViolations += 1;
    else if (input.kind === 'placed') {
      const { clientId, orderId, receipt, request } = input;
      const passed = request.transmit ? 'waiting' : 'staged';
      const outcome = receipt === 'passed' ? passed : receipt;
      const base = { atMs: input.at, clientId, orderId, orderRef: request.orderRef };
      this.add({ ...base, kind: 'place', outcome });
    } else if (input.kind === 'cancel') {
      const { at: atMs, clientId, orderId, receipt } = input;
      const outcome = receipt ?? 'waiting';
      this.add({ atMs, kind: 'cancel', clientId, orderId, orderRef: '', outcome });
    } else if (input.kind === 'order') {
      const { clientId, orderId, status } = input.order;
      this.answer(clientId, orderId, status);
    } else if (input.kind === 'error') {
      this.answer(input.clientId, input.orderId, `error ${input.code}`);
    }
  }

  private total(counts: Record<string, number>): void {
    for (const [id, count] of Object.entries(counts)) {
      this.byId[id] = (this.earlier[id] ?? 0) + count;
    }
  }

  private add(message: OrderMessage): void {
    this.orderMessages.push(message);
    if (this.orderMessages.length > ORDER_MESSAGES_MAX) this.orderMessages.shift();
    if (message.outcome === 'waiting' || message.outcome === 'staged') {
      this.open.set(`${message.clientId}:${message.orderId}`, message);
    }
  }

  private answer(clientId: number, orderId: number, outcome: string): void {
    const key = `${clientId}:${orderId}`;
    const message = this.open.get(key);
    if (!message) return;
    message.outcome = outcome;
    this.open.delete(key);
  }
}
