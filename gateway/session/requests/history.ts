/** reqHistoricalData and its cancel: texts to a bar request, bars to texts, and IBKR's own limits. */
import type { BarRequest, BarView, Listing } from '../../exchange/api.js';
import { FieldError } from '../../protocol/fields.js';
import type { FieldReader } from '../../protocol/fields.js';
import { readLayout } from '../../protocol/layout.js';
import type { FieldValues, Layout } from '../../protocol/layout.js';
import { historicalData, historicalDataUpdate } from '../../protocol/market-messages.js';
import { REQUEST } from '../../protocol/message-ids.js';
import { REQUEST_CONTRACT } from '../../protocol/order-layouts.js';
import { readContract } from '../../protocol/place-order.js';
import { dateText, readTime, unzonedText, zonedText } from '../../protocol/time-texts.js';
import { GATE } from '../../protocol/versions.js';
import type { Hub } from '../hub.js';
import { HistoryPacer } from '../history-pacing.js';
import type { RequestHandlers, Session } from '../session.js';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const BAR_SIZES_MS: Readonly<Record<string, number>> = {
  '1 secs': SECOND_MS,
  '5 secs': 5 * SECOND_MS,
  '10 secs': 10 * SECOND_MS,
  '15 secs': 15 * SECOND_MS,
  '30 secs': 30 * SECOND_MS,
  '1 min': MINUTE_MS,
  '2 mins': 2 * MINUTE_MS,
  '3 mins': 3 * MINUTE_MS,
  '5 mins': 5 * MINUTE_MS,
  '10 mins': 10 * MINUTE_MS,
  '15 mins': 15 * MINUTE_MS,
  '20 mins': 20 * MINUTE_MS,
  '30 mins': 30 * MINUTE_MS,
  '1 hour': HOUR_MS,
  '2 hours': 2 * HOUR_MS,
  '3 hours': 3 * HOUR_MS,
  '4 hours': 4 * HOUR_MS,
  '8 hours': 8 * HOUR_MS,
  '1 day': DAY_MS,
  '1 week': 7 * DAY_MS,
  '1W': 7 * DAY_MS,
  '1 month': 30 * DAY_MS,
  '1M': 30 * DAY_MS,
};
/** IBKR's kinds of data that these bars can stand for. */
const KINDS: Readonly<Record<string, BarRequest['what']>> = {
  TRADES: 'TRADES',
  ADJUSTED_LAST: 'TRADES',
  MIDPOINT: 'MIDPOINT',
  BID: 'BID',
  ASK: 'ASK',
  BID_ASK: 'BID_ASK',
};
const FORMAT_EPOCH = '2';
/** Open kept-up-to-date requests of one client; IBKR allows 50 open requests. */
const OPEN_MAX = 50;
/** Last bars recomputed for a kept-up-to-date request: two cover a change of bar. */
const REFRESH_BARS = 2;

const HISTORY: Layout = [
  ...REQUEST_CONTRACT,
  'includeExpired',
  'endDateTime',
  'barSize',
  'duration',
  'useRth',
  'whatToShow',
  'formatDate',
  {
    when: (value) => value('secType').toUpperCase() === 'BAG',
    items: [{ count: 'legs', each: 'leg', items: ['conId', 'ratio', 'action', 'exchange'] }],
  },
  'keepUpToDate',
  'chartOptions',
];

const pacers = new WeakMap<Session, HistoryPacer>();

/** A request that IBKR refuses, with its code. */
class HistoryRefusal extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

const invalid = (cause: string): HistoryRefusal =>
  new HistoryRefusal(321, `Error validating request.-'bF' : cause - ${cause}`);
const noData = (cause: string): HistoryRefusal =>
  new HistoryRefusal(162, `Historical Market Data Service error message:${cause}`);

interface HistoryRequest {
  bars: BarRequest;
  listing: Listing;
  epochFormat: boolean;
  keepUpToDate: boolean;
}

function readDuration(value: string): BarRequest['duration'] {
  const match = /^(\d{1,5}) ?([SDWMY])$/.exec(value.trim());
  const count = Number(match?.[1] ?? 0);
  if (!match || count < 1) throw invalid(`Invalid duration '${value}': use 60 D, 3600 S, 1 Y`);
  return { count, unit: match[2] as BarRequest['duration']['unit'] };
}

function readRequest(hub: Hub, values: FieldValues): HistoryRequest {
  const field = (name: string): string => values[name] ?? '';
  const listing = hub.listings.find(readContract(values))[0];
  if (!listing) {
    throw new HistoryRefusal(200, 'No security definition has been found for the request');
  }
  const barSizeMs = BAR_SIZES_MS[field('barSize')];
  if (barSizeMs === undefined) {
    const legal = Object.keys(BAR_SIZES_MS).join(', ');
    throw invalid(`Historical data bar size setting is invalid. Legal ones are: ${legal}`);
  }
  const what = KINDS[field('whatToShow').toUpperCase()];
  if (!what) throw invalid(`Invalid whatToShow '${field('whatToShow')}'`);
  const keepUpToDate = !['', '0'].includes(field('keepUpToDate'));
  const end = field('endDateTime');
  if (keepUpToDate && end !== '') throw invalid('End date not supported with keepUpToDate');
  const endMs = end === '' ? hub.nowMs() : readTime(end);
  if (endMs === undefined) throw new FieldError('endDateTime', end);
  return {
    listing,
    epochFormat: field('formatDate') === FORMAT_EPOCH,
    keepUpToDate,
    bars: {
      symbol: listing.symbol,
      endMs,
      duration: readDuration(field('duration')),
      barSizeMs,
      regularHoursOnly: !['', '0'].includes(field('useRth')),
      what,
    },
  };
}

function timeText(atMs: number, request: HistoryRequest, version: number): string {
  if (request.bars.barSizeMs >= DAY_MS) return dateText(atMs);
  if (request.epochFormat) return String(Math.floor(atMs / SECOND_MS));
  return version >= GATE.INSTRUMENT_TIME_ZONE ? zonedText(atMs) : unzonedText(atMs);
}

function spanText(atMs: number, version: number): string {
  return version >= GATE.INSTRUMENT_TIME_ZONE ? zonedText(atMs) : unzonedText(atMs);
}

function checkPacing(hub: Hub, session: Session, symbol: string, values: FieldValues): void {
  if (!hub.paced) return;
  const pacer = pacers.get(session) ?? new HistoryPacer();
  pacers.set(session, pacer);
  if (pacer.allows(symbol, JSON.stringify(values), hub.nowMs())) return;
  throw noData('Historical data request pacing violation');
}

function keepUp(hub: Hub, session: Session, reqId: number, request: HistoryRequest): void {
  let last: string | undefined;
  const refresh = (): void => {
    const seconds = Math.ceil((REFRESH_BARS * request.bars.barSizeMs) / SECOND_MS);
    const duration = { count: seconds, unit: 'S' as const };
    const bars = hub.history?.bars({ ...request.bars, endMs: hub.nowMs(), duration }) ?? [];
    const bar = bars.at(-1);
    if (!bar) return;
    const at = timeText(bar.startMs, request, session.version);
    const message = historicalDataUpdate(reqId, at, bar);
    const text = message.join('\0');
    if (text === last) return;
    last = text;
    session.send(message);
  };
  session.bars.set(reqId, { refresh });
}

function answer(hub: Hub, session: Session, reqId: number, values: FieldValues): void {
  const request = readRequest(hub, values);
  checkPacing(hub, session, request.listing.symbol, values);
  if (request.keepUpToDate && session.bars.size >= OPEN_MAX) {
    throw new HistoryRefusal(322, 'Error processing request: too many open historical requests');
  }
  const bars: BarView[] = hub.history?.bars(request.bars) ?? [];
  const first = bars[0];
  if (!first) {
    const kind = values['whatToShow'] ?? '';
    throw noData(`HMDS query returned no data: ${request.listing.symbol}@SMART ${kind}`);
  }
  const rows = bars.map((bar) => ({
    timeText: timeText(bar.startMs, request, session.version),
    bar,
  }));
  const from = spanText(first.startMs, session.version);
  const to = spanText(request.bars.endMs, session.version);
  session.send(historicalData(reqId, from, to, rows));
  if (request.keepUpToDate) keepUp(hub, session, reqId, request);
}

function historical(hub: Hub, session: Session, reader: FieldReader): void {
  const reqId = reader.int('reqId', -1);
  try {
    answer(hub, session, reqId, readLayout(HISTORY, session.version, reader));
  } catch (error) {
    if (!(error instanceof HistoryRefusal)) throw error;
    session.error(reqId, error.code, error.message);
  }
}

function cancel(_hub: Hub, session: Session, reader: FieldReader): void {
  reader.skip(1); // version
  const reqId = reader.int('reqId', -1);
  if (session.bars.delete(reqId)) return;
  session.error(reqId, 366, `No historical data query found for ticker id:${reqId}`);
}

export const HISTORY_REQUESTS: RequestHandlers = {
  [REQUEST.HISTORICAL_DATA]: { idAt: 0, handle: historical },
  [REQUEST.CANCEL_HISTORICAL_DATA]: { idAt: 1, handle: cancel },
};
