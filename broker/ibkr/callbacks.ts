/** Order callbacks of the library → events of the port, in the broker's order. */
import { EventName } from '@stoqey/ib';
import type { CommissionReport, Contract, Execution, IBApi, Order, OrderState } from '@stoqey/ib';
import type { BrokerEvent } from '../port.js';
import { decodeCommission, decodeExecution } from './decode.js';
import type { History } from './history.js';
import type { Settings } from './options.js';
import type { OrderDesk } from './order-desk.js';
import type { OrderMemory } from './order-memory.js';
import type { OrderReports } from './order-reports.js';
import type { Quotes } from './quotes.js';
import type { RequestTable } from './request-table.js';
import { FIRST_REQUEST_ID } from './words.js';

export interface CallbackParts {
  readonly settings: Settings;
  readonly memory: OrderMemory;
  readonly reports: OrderReports;
  readonly history: History;
  readonly desk: OrderDesk;
  readonly quotes: Quotes;
  readonly requests: RequestTable;
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
  const { settings, reports, history, desk, emit } = parts;
  const { nowMs } = settings;
  api.on(
    EventName.openOrder,
    (_id: number, contract: Contract, order: Order, state: OrderState) => {
      if (desk.takeWhatIf(order, state)) return;
      const report = reports.openOrder(contract, order, state);
      history.takeOpenOrder(report);
      emit({ kind: 'order', report, receivedAtMs: nowMs() });
    },
  );
  api.on(
    EventName.orderStatus,
    (
      orderId,
      status,
      filled,
      remaining,
      averageFillPrice,
      permId,
      parentId,
      _last,
      clientId,
      held,
    ) => {
      const report = reports.status({
        orderId,
        status,
        filled,
        remaining,
        averageFillPrice,
        permId,
        parentId,
        clientId,
        whyHeld: held,
      });
      history.takeOpenOrder(report);
      emit({ kind: 'order', report, receivedAtMs: nowMs() });
    },
  );
  api.on(EventName.completedOrder, (contract: Contract, order: Order, state: OrderState) => {
    const report = reports.completedOrder(contract, order, state);
    history.takeCompletedOrder(report);
    emit({ kind: 'order', report, receivedAtMs: nowMs() });
  });
}

function attachExecutions(api: IBApi, parts: CallbackParts): void {
  const { settings, memory, history, emit } = parts;
  const { nowMs, logger, terminalTimeZone } = settings;
  api.on(EventName.execDetails, (id: number, contract: Contract, execution: Execution) => {
    const decoded = decodeExecution(contract, execution, terminalTimeZone);
    if (!decoded) {
      logger.error('an execution could not be read: reconcile', { ...execution });
      return;
    }
    const known =
      memory.findByBrokerId(decoded.brokerOrderId) ??
      memory.recall({
        sessionOrderId: decoded.sessionOrderId,
        sessionClientId: decoded.sessionClientId,
        brokerOrderId: decoded.brokerOrderId,
      });
    const report = { ...decoded, clientOrderId: execution.orderRef || known.clientOrderId };
    history.takeExecution(id, report);
    emit({ kind: 'execution', report, receivedAtMs: nowMs() });
  });
  api.on(EventName.commissionReport, (commission: CommissionReport) => {
    const report = decodeCommission(commission);
    if (report) emit({ kind: 'commission', report, receivedAtMs: nowMs() });
    else logger.warn('a commission without execution or amount', { ...commission });
  });
}

function takeOrderError(
  { settings, reports, desk, emit }: CallbackParts,
  { id, code, message }: { id: number; code: number; message: string },
): void {
  if (desk.takeWhatIfError(id, code, message)) return;
  const error = reports.error(id, code, message);
  if (error.errorClass === 'unknown') {
    settings.logger.warn('an error code of unknown effect on an order', { ...error });
  }
  emit({ kind: 'order_error', error, receivedAtMs: settings.nowMs() });
}
