/** The account as @stoqey/ib sees it on a client id of its own. */
import { EventName, IBApi } from '@stoqey/ib';

const CLIENT_ID = 77;
const ANSWER_LIMIT_MS = 10_000;

/**
 * Sends a request and collects what its events say until the end event.
 * @template T
 * @param {IBApi} ib
 * @param {{ item: EventName, end: EventName, ask: () => void, row: (...args: any[]) => T }} request
 * @returns {Promise<T[]>}
 */
function collect(ib, { item, end, ask, row }) {
  return new Promise((resolve, reject) => {
    const rows = [];
    const add = (...args) => rows.push(row(...args));
    const late = setTimeout(() => reject(new Error(`no ${end} in time`)), ANSWER_LIMIT_MS);
    ib.on(item, add);
    ib.once(end, () => {
      clearTimeout(late);
      ib.off(item, add);
      resolve(rows);
    });
    ask();
  });
}

/** @param {IBApi} ib */
async function read(ib) {
  const orders = await collect(ib, {
    item: EventName.openOrder,
    end: EventName.openOrderEnd,
    ask: () => ib.reqAllOpenOrders(),
    row: (_id, contract, order, state) => [
      order.permId,
      order.clientId,
      order.orderRef,
      contract.symbol,
      order.action,
      order.totalQuantity,
      order.orderType,
      order.lmtPrice,
      order.auxPrice,
      order.tif,
      state.status,
    ],
  });
  const positions = await collect(ib, {
    item: EventName.position,
    end: EventName.positionEnd,
    ask: () => ib.reqPositions(),
    row: (_account, contract, position) => [contract.symbol, position],
  });
  const executions = await collect(ib, {
    item: EventName.execDetails,
    end: EventName.execDetailsEnd,
    ask: () => ib.reqExecutions(1, {}),
    row: (_reqId, _contract, fill) => [
      ...[fill.execId, fill.side, fill.shares, fill.price, fill.permId, fill.orderRef],
    ],
  });
  const completed = await collect(ib, {
    item: EventName.completedOrder,
    end: EventName.completedOrdersEnd,
    ask: () => ib.reqCompletedOrders(false),
    row: (_contract, order, state) => [order.permId, state.status, order.orderRef],
  });
  const [cash] = await collect(ib, {
    item: EventName.accountSummary,
    end: EventName.accountSummaryEnd,
    ask: () => ib.reqAccountSummary(2, 'All', 'TotalCashValue'),
    row: (_reqId, _account, _tag, value) => value,
  });
  return { orders, positions, executions, completed, cash };
}

/**
 * @param {number} port
 * @returns {Promise<Record<string, unknown>>} orders, positions, executions, completed, cash
 */
export async function stoqeyView(port) {
  const ib = new IBApi({ host: '127.0.0.1', port, clientId: CLIENT_ID });
  const errors = [];
  ib.on(EventName.error, (error, code) => errors.push(`${code} ${error.message}`));
  const ready = new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('@stoqey/ib: not ready')), ANSWER_LIMIT_MS);
    ib.once(EventName.nextValidId, () => {
      clearTimeout(late);
      resolve();
    });
  });
  ib.connect();
  try {
    await ready;
    const view = await read(ib);
    if (errors.length > 0) throw new Error(`@stoqey/ib: ${errors.join('; ')}`);
    return view;
  } finally {
    ib.disconnect();
  }
}
