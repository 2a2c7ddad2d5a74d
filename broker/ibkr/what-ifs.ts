/** What an order would cost: asked as an order that places nothing, answered as an open order or an error. */
import type { IBApi, Order, OrderState } from '@stoqey/ib';
import { BrokerRequestError } from '../port.js';
import type { OrderToSend, WhatIfReport } from '../port.js';
import type { IbkrConnection } from './connection.js';
import { decodeWhatIf } from './decode.js';
import { encodeOrder } from './encode.js';
import { codeRow } from './error-codes.js';
import type { Settings } from './options.js';
import type { RequestTable } from './request-table.js';
import type { Wire } from './wire.js';

const ALONE = { transmit: true, parentId: 0 } as const;

interface Parts {
  readonly settings: Settings;
  readonly connection: Pick<IbkrConnection, 'requireReady'>;
  readonly wire: Wire;
  readonly requests: RequestTable;
  /** @throws NotSentError `guard` when the account must not be traded. */
  readonly assertMayTrade: (account: string) => void;
}

interface Open {
  readonly answer: (state: OrderState) => void;
  readonly fail: (code: number, message: string) => void;
}

export class WhatIfs {
  private readonly open = new Map<number, Open>();

  constructor(private readonly parts: Parts) {}

  /**
   * Asks for margin and commission under the order's own session order id.
   * @throws NotSentError, BrokerRequestError, NoAnswerError.
   */
  async ask(order: OrderToSend): Promise<WhatIfReport> {
    const { requests, settings, wire, connection, assertMayTrade } = this.parts;
    const { orderId, contract, order: encoded } = encodeOrder(order, ALONE);
    const title = `what-if of ${order.instrument.symbol}`;
    const { requestTimeoutMs } = settings.limits;
    return requests.run<WhatIfReport>(title, requestTimeoutMs, ({ finish, fail, isOpen }) => {
      this.open.set(orderId, {
        answer: (state) => {
          const report = decodeWhatIf(state);
          // A first message without figures is possible; the figures follow.
          if (report.initialMarginChange !== null) finish(report);
        },
        fail: (code, message) => fail(new BrokerRequestError(code, `${title}: ${message}`)),
      });
      const write = (api: IBApi): void => {
        api.placeOrder(orderId, contract, { ...encoded, whatIf: true });
      };
      const check = (): void => {
        connection.requireReady();
        assertMayTrade(order.account);
      };
      wire.ask(write, { isWanted: isOpen, check }).catch(fail);
      return () => this.open.delete(orderId);
    });
  }

  /** True when the open order answers a what-if: it is no order then. */
  take(order: Order, state: OrderState): boolean {
    if (order.whatIf !== true) return false;
    this.open.get(order.orderId ?? 0)?.answer(state);
    return true;
  }

  /** True when the error answers a what-if. */
  takeError(orderId: number, code: number, message: string): boolean {
    const asked = this.open.get(orderId);
    if (asked && codeRow(code).errorClass === 'rejection') asked.fail(code, message);
    return asked !== undefined;
  }
}
