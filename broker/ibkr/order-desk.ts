/** Sends orders: encodes, notes what it sends, writes groups whole. */
import type { IBApi, Order, OrderState } from '@stoqey/ib';
import type { Approved } from '../../domain/risk/approved.js';
import { failpointSync } from '../../failpoints/failpoint.js';
import { BrokerRequestError } from '../port.js';
import type {
  BracketToSend,
  OrderToSend,
  SendOptions,
  SendReceipt,
  WhatIfReport,
} from '../port.js';
import type { IbkrConnection } from './connection.js';
import { decodeWhatIf } from './decode.js';
import { encodeBracket, encodeOrder } from './encode.js';
import type { EncodedOrder } from './encode.js';
import { codeRow } from './error-codes.js';
import { assertMayTrade } from './guard.js';
import type { Write } from './library.js';
import type { Settings } from './options.js';
import type { OrderReports } from './order-reports.js';
import type { RequestTable } from './request-table.js';
import type { Wire } from './wire.js';

interface Parts {
  readonly settings: Settings;
  readonly connection: IbkrConnection;
  readonly wire: Wire;
  readonly reports: OrderReports;
  readonly requests: RequestTable;
}

export class OrderDesk {
  private readonly whatIfs = new Map<number, (state: OrderState) => void>();
  private readonly whatIfFailures = new Map<number, (code: number, message: string) => void>();

  constructor(private readonly parts: Parts) {}

  async placeBracket(bracket: Approved<BracketToSend>, options: SendOptions): Promise<SendReceipt> {
    const { reports } = this.parts;
    const parentId = bracket.entry.sessionOrderId;
    const orders = [bracket.entry, ...bracket.exits];
    return this.send('bracket', encodeBracket(bracket), orders, options, () => {
      reports.noteSent(bracket.entry, { kind: 'order', parentId: 0 });
      for (const exit of bracket.exits) reports.noteSent(exit, { kind: 'order', parentId });
    });
  }

  async placeExits(exits: readonly OrderToSend[], options: SendOptions): Promise<SendReceipt> {
    const encoded = exits.map((exit) => encodeOrder(exit, { transmit: true, parentId: 0 }));
    return this.send('exits', encoded, exits, options, () => {
      for (const exit of exits) this.parts.reports.noteSent(exit, { kind: 'order', parentId: 0 });
    });
  }

  /** A child keeps its parent: TWS takes a missing parent id for a change of it. */
  async modify(order: OrderToSend, options: SendOptions): Promise<SendReceipt> {
    const parentId = this.parts.reports.parentOf(order.sessionOrderId);
    const encoded = encodeOrder(order, { transmit: true, parentId });
    return this.send('modify', [encoded], [order], options, () =>
      this.parts.reports.noteSent(order, { kind: 'modification', parentId }),
    );
  }

  /** Cancels always pass the live guard: they only reduce. */
  async cancel(sessionOrderId: number, options: SendOptions): Promise<SendReceipt> {
    const write = (api: IBApi): void => {
      this.parts.reports.noteCancel(sessionOrderId);
      api.cancelOrder(sessionOrderId);
    };
    const check = () => undefined;
    return this.parts.wire.order([null], write, { kind: 'cancel', options, check });
  }

  async whatIf(order: OrderToSend): Promise<WhatIfReport> {
    const { requests, settings, wire } = this.parts;
    const encoded = encodeOrder(order, { transmit: true, parentId: 0 });
    const asked = { ...encoded.order, whatIf: true };
    const { orderId } = encoded;
    return requests.run<WhatIfReport>(
      `what-if of ${order.instrument.symbol}`,
      settings.limits.requestTimeoutMs,
      ({ finish, fail }) => {
        this.whatIfs.set(orderId, (state) => {
          const report = decodeWhatIf(state);
          // A first message without figures is possible; the figures follow.
          if (report.initialMarginChange !== null) finish(report);
        });
        this.whatIfFailures.set(orderId, (code, message) =>
          fail(new BrokerRequestError(code, `what-if of ${order.instrument.symbol}: ${message}`)),
        );
        const write = (api: IBApi): void => {
          api.placeOrder(orderId, encoded.contract, asked);
        };
        const check = (): void => this.assertMayTrade(order.account);
        const options = { priority: 'query', sendBeforeMs: null, guard: () => undefined } as const;
        wire.order([null], write, { kind: 'what-if', options, check }).catch(fail);
        return () => {
          this.whatIfs.delete(orderId);
          this.whatIfFailures.delete(orderId);
        };
      },
    );
  }

  /** True when the open order answers a what-if: it is no order then. */
  takeWhatIf(order: Order, state: OrderState): boolean {
    if (order.whatIf !== true) return false;
    this.whatIfs.get(order.orderId ?? 0)?.(state);
    return true;
  }

  /** True when the error answers a what-if. */
  takeWhatIfError(orderId: number, code: number, message: string): boolean {
    const fail = this.whatIfFailures.get(orderId);
    if (fail && codeRow(code).errorClass === 'rejection') fail(code, message);
    return fail !== undefined;
  }

  private send(
    kind: 'bracket' | 'exits' | 'modify',
    encoded: readonly EncodedOrder[],
    orders: readonly OrderToSend[],
    options: SendOptions,
    note: () => void,
  ): Promise<SendReceipt> {
    const context = { tradeId: options.tradeId };
    const write: Write = (api, flush) => {
      note();
      for (const [index, { orderId, contract, order }] of encoded.entries()) {
        // A modification is one message: it has nothing in between.
        if (index === 1 && kind !== 'modify') {
          failpointSync(`write.${kind}.between`, context, flush);
        }
        api.placeOrder(orderId, contract, order);
      }
    };
    const check = (): void => {
      for (const order of orders) this.assertMayTrade(order.account);
    };
    const { reports } = this.parts;
    const marks = orders.map((order) => reports.freshMark(order.sessionOrderId));
    return this.parts.wire.order(marks, write, { kind, options, check });
  }

  /** @throws NotSentError `guard` when the account must not be traded. */
  assertMayTrade(account: string): void {
    const { settings, connection } = this.parts;
    assertMayTrade({
      reportedAccounts: connection.state().accounts,
      port: settings.port,
      account,
      allowLive: settings.allowLive,
      authorizedAccounts: settings.authorizedAccounts,
    });
  }
}
