/** The broker's lists: open and completed orders, executions, positions. */
import { EventName } from '@stoqey/ib';
import type { Contract, IBApi } from '@stoqey/ib';
import { NoAnswerError } from '../port.js';
import type { BrokerPosition, ExecutionReport, Listing, OrderReport } from '../port.js';
import { decodePosition } from './decode.js';
import { ListingKind } from './listings.js';
import type { Settings } from './options.js';
import type { RequestTable } from './request-table.js';
import type { Wire } from './wire.js';

/** What repairs are decided by must not wait behind entries. */
const LIST_PRIORITY = 'protect';

export class History {
  private readonly open: ListingKind<OrderReport>;
  private readonly completed: ListingKind<OrderReport>;
  private readonly positionList: ListingKind<BrokerPosition>;
  private positionsAsked: Promise<Listing<BrokerPosition>> | null = null;
  private readonly executionLists = new Map<number, Map<string, ExecutionReport>>();
  private readonly executionEnds = new Map<number, () => void>();

  constructor(
    private readonly settings: Settings,
    private readonly wire: Wire,
    private readonly requests: RequestTable,
  ) {
    const kind = <T>(write: (api: IBApi) => void): ListingKind<T> =>
      new ListingKind<T>({
        nowMs: settings.nowMs,
        timeoutMs: settings.limits.listingTimeoutMs,
        request: (isWanted) => wire.ask(write, { isWanted, priority: LIST_PRIORITY }),
      });
    this.open = kind((api) => api.reqAllOpenOrders());
    this.completed = kind((api) => api.reqCompletedOrders(false));
    this.positionList = kind((api) => api.reqPositions());
  }

  attach(api: IBApi): void {
    api.on(EventName.openOrderEnd, () => this.open.takeEnd());
    api.on(EventName.completedOrdersEnd, () => this.completed.takeEnd());
    api.on(EventName.execDetailsEnd, (id: number) => this.executionEnds.get(id)?.());
    api.on(EventName.positionEnd, () => this.positionList.takeEnd());
    api.on(
      EventName.position,
      (account: string, contract: Contract, position: number, averageCost?: number) => {
        const decoded = decodePosition(account, contract, position, averageCost);
        this.positionList.take(`${account} ${decoded.brokerContractId}`, () => decoded);
      },
    );
  }

  /**
   * An open order or status while a list runs; the two are one item, the terms from the former.
   * True when a list took it.
   */
  takeOpenOrder(report: OrderReport): boolean {
    return this.open.take(orderKey(report), (former) => ({
      ...report,
      terms: report.terms ?? former?.terms ?? null,
    }));
  }

  /** True when a list took it. */
  takeCompletedOrder(report: OrderReport): boolean {
    return this.completed.take(`broker ${report.brokerOrderId}`, () => report);
  }

  takeExecution(requestId: number, report: ExecutionReport): void {
    this.executionLists.get(requestId)?.set(report.executionId, report);
  }

  openOrders(): Promise<Listing<OrderReport>> {
    return this.open.fetch();
  }

  completedOrders(): Promise<Listing<OrderReport>> {
    return this.completed.fetch();
  }

  /** The positions; asked for as a subscription (there is no other way) that ends with the list. */
  async positions(): Promise<Listing<BrokerPosition>> {
    const asked = this.positionList.fetch();
    // Those who share a list end its subscription once.
    if (asked !== this.positionsAsked) {
      this.positionsAsked = asked;
      const end = () => this.wire.ask((api) => api.cancelPositions()).catch(() => undefined);
      asked.then(end, () => undefined);
    }
    return asked;
  }

  /** Today's executions of all clients. A missing end marker gives an incomplete list, no error. */
  async executions(): Promise<Listing<ExecutionReport>> {
    const startedAtMs = this.settings.nowMs();
    const items = new Map<string, ExecutionReport>();
    const complete = await this.requests
      .run<true>('executions', this.settings.limits.listingTimeoutMs, (request) => {
        const { id, finish, fail, isOpen } = request;
        this.executionLists.set(id, items);
        this.executionEnds.set(id, () => finish(true));
        this.wire
          .ask((api) => api.reqExecutions(id, {}), { isWanted: isOpen, priority: LIST_PRIORITY })
          .catch(fail);
        return () => {
          this.executionLists.delete(id);
          this.executionEnds.delete(id);
        };
      })
      .catch((error: unknown) => {
        if (error instanceof NoAnswerError) return false;
        throw error;
      });
    const endedAtMs = this.settings.nowMs();
    return { items: [...items.values()], complete, startedAtMs, endedAtMs };
  }

  connectionLost(): void {
    this.open.abort();
    this.completed.abort();
    this.positionList.abort();
  }
}

/** The durable id may come late or change with a modification; orders entered by hand have no other. */
function orderKey({ sessionClientId, sessionOrderId, brokerOrderId }: OrderReport): string {
  return sessionOrderId > 0
    ? `session ${sessionClientId} ${sessionOrderId}`
    : `broker ${brokerOrderId}`;
}
