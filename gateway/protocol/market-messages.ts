/** What the gateway tells of prices: ticks, snapshot ends, data types, historical bars. */
import type { Decimal } from '../../domain/money.js';
import type { BarView } from '../exchange/api.js';
import { fieldText } from './fields.js';
import { REPLY } from './message-ids.js';

export const TICK = {
  BID_SIZE: 0,
  BID: 1,
  ASK: 2,
  ASK_SIZE: 3,
  LAST: 4,
  LAST_SIZE: 5,
  HIGH: 6,
  LOW: 7,
  VOLUME: 8,
  CLOSE: 9,
  OPEN: 14,
  LAST_TIMESTAMP: 45,
  HALTED: 49,
} as const;

/** The same prices of delayed data. */
export const DELAYED_TICK: ReadonlyMap<number, number> = new Map([
  [TICK.BID, 66],
  [TICK.ASK, 67],
  [TICK.LAST, 68],
  [TICK.BID_SIZE, 69],
  [TICK.ASK_SIZE, 70],
  [TICK.LAST_SIZE, 71],
  [TICK.HIGH, 72],
  [TICK.LOW, 73],
  [TICK.VOLUME, 74],
  [TICK.CLOSE, 75],
  [TICK.OPEN, 76],
  [TICK.LAST_TIMESTAMP, 88],
  [TICK.HALTED, 90],
]);

/** tickPrice (1); `size` is that of the same side, 0 where a price has none. */
export function tickPrice(reqId: number, type: number, price: Decimal, size: Decimal): string[] {
  const canAutoExecute = type === TICK.BID || type === TICK.ASK;
  return [REPLY.TICK_PRICE, 6, reqId, type, price, size, canAutoExecute].map(fieldText);
}

/** tickSize (2). */
export function tickSize(reqId: number, type: number, size: Decimal): string[] {
  return [REPLY.TICK_SIZE, 6, reqId, type, size].map(fieldText);
}

/** tickGeneric (45). */
export function tickGeneric(reqId: number, type: number, value: number): string[] {
  return [REPLY.TICK_GENERIC, 6, reqId, type, value].map(fieldText);
}

/** tickString (46). */
export function tickString(reqId: number, type: number, value: string): string[] {
  return [REPLY.TICK_STRING, 6, reqId, type, value].map(fieldText);
}

/** tickSnapshotEnd (57). */
export function snapshotEnd(reqId: number): string[] {
  return [REPLY.SNAPSHOT_END, 1, reqId].map(fieldText);
}

/** marketDataType (58): 1 live, 2 frozen, 3 delayed, 4 delayed and frozen. */
export function marketDataType(reqId: number, type: number): string[] {
  return [REPLY.MARKET_DATA_TYPE, 1, reqId, type].map(fieldText);
}

/** historicalData (17), its times as the request's format asks. */
export function historicalData(
  reqId: number,
  startText: string,
  endText: string,
  bars: readonly { timeText: string; bar: BarView }[],
): string[] {
  const rows = bars.flatMap(({ timeText, bar }) => [
    timeText,
    bar.open,
    bar.high,
    bar.low,
    bar.close,
    bar.volume,
    bar.wap,
    bar.count,
  ]);
  return [REPLY.HISTORICAL_DATA, reqId, startText, endText, bars.length, ...rows].map(fieldText);
}

/** historicalDataUpdate (90): the bar that a kept-up-to-date request is in. */
export function historicalDataUpdate(reqId: number, timeText: string, bar: BarView): string[] {
  return [
    REPLY.HISTORICAL_DATA_UPDATE,
    reqId,
    bar.count,
    timeText,
    bar.open,
    bar.close,
    bar.high,
    bar.low,
    bar.wap,
    bar.volume,
  ].map(fieldText);
}
