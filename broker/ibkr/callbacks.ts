/** Order callbacks of the library → events of the port, in the broker's order. */
import { hasEnded } from '../../domain/orders/table.js';
import { EventName } from '@stoqey/ib';
import type { CommissionReport, Contract, Execution, IBApi, Order, OrderState } from '@stoqey/ib';
import type { BrokerEvent, ExecutionReport, OrderReport } from '../port.js';
import { parseApiTime } from './api-time.js';
import type { Commissions } from './commissions.js';
import { decodeCommission, decodeExecution } from './decode.js';
import { heldBack } from './held-back.js';
import type { History } from './history.js';
import type { Settings } from './options.js';
import type { OrderMemory } from './order-memory.js';
import { orderMark } from './order-reports.js';
import type { OrderReports } from './order-reports.js';
import type { Quotes } from './quotes.js';
import type { RequestTable } from './request-table.js';
import type { WhatIfs } from './what-ifs.js';
import { FIRST_REQUEST_ID } from './words.js';

export interface CallbackParts {
  readonly settings: Settings;
  readonly memory: OrderMemory;
  readonly reports: OrderReports;
  readonly history: History;
  readonly whatIfs: WhatIfs;
  readonly quotes: Quotes;
  readonly requests: RequestTable;
  readonly commissions: Commissions;
  readonly isReady: () => boolean;
  /** The stretch without a break that the connection is in. */
  readonly generation: () => number;
  /** The gateway has read the message of this mark. */
  readonly onRead: (mark: string) => void;
  /** Something that the broker told is lost. */
  readonly onLost: (reason: string) => void;
  readonly emit: (event: BrokerEvent) => void;
}

/** Listens to everything about orders, executions and commissions, and to errors with an id. */
export function attachCallbacks(api: IBApi, parts: CallbackParts): void {
  attachOrders(api, parts);
  attachExecutions(api, parts);
  api.on(EventName.error, (error: Error, code: number, id: number) => {
    if (id >= FIRST_REQUEST_ID) {
      if (!parts.quotes.takeError(id, code, error.message)) {
        parts.requests.takeError(id, code, error.message);
      }
    } else if (id > 0) takeOrderError(parts, { id, code, message: error.message });
  });
}

function attachOrders(api: IBApi, parts: CallbackParts): void {
  const { reports, history, whatIfs } = parts;
  api.on(
    EventName.openOrder,
    (_id: number, contract: Contract, order: Order, state: OrderState) => {
      if (whatIfs.take(order, state)) return;
      tellOrder(parts, reports.openOrder(contract, order, state));
    },
  );
  api.on(
    EventName.orderStatus,
    (id, status, filled, remaining, averageFillPrice, permId, parentId, _last, clientId, held) => {
      const quantities = { filled, remaining, averageFillPrice };
      const ids = { orderId: id, permId, parentId, clientId };
      tellOrder(parts, reports.status({ status, whyHeld: held, ...quantities, ...ids }));
    },
  );
  api.on(EventName.completedOrder, (contract: Contract, order: Order, state: OrderState) => {
    const report = reports.completedOrder(contract, order, state);
    if (!history.takeCompletedOrder(report)) emitOrder(parts, report);
  });
}

/**
 * What is told of an order, as an event. While this system still reads its first lists, what they show
 * of live orders is in them, and need not be told twice.
 */
function tellOrder(parts: CallbackParts, report: OrderReport): void {
  const { history, settings, isReady, onRead } = parts;
  if (report.sessionClientId === settings.clientId) onRead(orderMark(report.sessionOrderId));
  const isListed = history.takeOpenOrder(report);
  if (isListed && !isReady() && !hasEnded(report.status)) return;
  emitOrder(parts, report);
}

function emitOrder({ settings, generation, emit }: CallbackParts, report: OrderReport): void {
  const told = { receivedAtMs: settings.nowMs(), listed: false, generation: generation() };
  emit({ kind: 'order', report, ...told });
}

function attachExecutions(api: IBApi, parts: CallbackParts): void {
  const { settings, commissions, history, emit } = parts;
  const { nowMs, logger } = settings;
  api.on(EventName.execDetails, (id: number, contract: Contract, execution: Execution) => {
    const report = executionReport(parts, contract, execution);
    if (!report) {
      logger.error('an execution could not be read', { ...execution });
      parts.onLost('an execution could not be read');
      return;
    }
    history.takeExecution(id, report);
    if (!commissions.isNews(report)) return;
    emit({ kind: 'execution', report, receivedAtMs: nowMs() });
    commissions.takeExecution(report);
  });
  api.on(EventName.commissionReport, (commission: CommissionReport) => {
    const report = decodeCommission(commission);
    if (report) commissions.take(report);
    else logger.warn('a commission without execution or amount', { ...commission });
  });
}

function executionReport(
  { settings, memory }: CallbackParts,
  contract: Contract,
  execution: Execution,
): ExecutionReport | null {
  const { nowMs, logger, terminalTimeZone } = settings;
  const readAtMs = parseApiTime(execution.time ?? '', terminalTimeZone);
  if (readAtMs === null) {
    // Executions are told within their day: the day, which matters most, is right in any case.
    const told = "an execution's time can't be read: the time of its receipt counts instead";
    logger.error(told, { time: execution.time, executionId: execution.execId });
  }
  const decoded = decodeExecution(contract, execution, readAtMs ?? nowMs());
  if (!decoded) return null;
  const { sessionOrderId, sessionClientId, brokerOrderId } = decoded;
  const known =
    memory.findByBrokerId(brokerOrderId) ??
    memory.recall({ sessionOrderId, sessionClientId, brokerOrderId });
  return { ...decoded, clientOrderId: execution.orderRef || known.clientOrderId };
}

function takeOrderError(
  { settings, reports, whatIfs, emit, onRead }: CallbackParts,
  { id, code, message }: { id: number; code: number; message: string },
): void {
  onRead(orderMark(id));
  if (whatIfs.takeError(id, code, message)) return;
  const error = {
    ...reports.error(id, code, message),
    ...heldBack(code, message, settings.terminalTimeZone),
  };
  if (error.errorClass === 'unknown') {
    settings.logger.warn('an error code of unknown effect on an order', { ...error });
  }
  emit({ kind: 'order_error', error, receivedAtMs: settings.nowMs() });
}
