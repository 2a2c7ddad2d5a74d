/** Historical bars over the wire: what the request means, what the answer looks like, and its limits. */
import { afterEach, expect, test } from '@jest/globals';
import { decimal } from '../../domain/money.js';
import type { BarRequest, BarView, History } from '../../gateway/exchange/api.js';
import { HistoryPacer } from '../../gateway/session/history-pacing.js';
import type { ServerOptions } from '../../gateway/session/server.js';
import { RawClient } from './support/raw-client.js';
import { startWireGateway } from './support/wire-gateway.js';
import type { WireGateway } from './support/wire-gateway.js';

/** 2013-10-08 9:35:00 in New York. */
const START_MS = Date.UTC(2013, 9, 8, 13, 35);
const BAR: BarView = {
  startMs: START_MS,
  open: decimal('181.5'),
  high: decimal('182'),
  low: decimal('181'),
  close: decimal('181.62'),
  volume: decimal('1200'),
  wap: decimal('181.55'),
  count: 17,
};

class RecordedHistory implements History {
  readonly asked: BarRequest[] = [];
  answer: BarView[] = [BAR];
  bars(request: BarRequest): BarView[] {
    this.asked.push(request);
    return this.answer;
  }
}

let gateway: WireGateway | undefined;
let client: RawClient | undefined;

afterEach(async () => {
  client?.destroy();
  await gateway?.close();
  expect(gateway?.internalErrors).toEqual([]);
});

async function start(history: History, more: Partial<ServerOptions> = {}, offer?: string) {
  gateway = await startWireGateway({ history, ...more });
  client = await RawClient.start(gateway.port, 1, offer);
  return client;
}

interface Asked {
  reqId?: number;
  end?: string;
  size?: string;
  duration?: string;
  rth?: 0 | 1;
  what?: string;
  format?: 1 | 2;
  keep?: 0 | 1;
}

function frame(asked: Asked = {}): (string | number)[] {
  const { reqId = 5, end = '', size = '5 mins', duration = '1 D', rth = 1 } = asked;
  const contract = [0, 'IBM', 'STK', '', 0, '', '', 'SMART', '', 'USD', '', ''];
  const { what = 'TRADES', format = 1, keep = 0 } = asked;
  return [20, reqId, ...contract, 0, end, size, duration, rth, what, format, keep, ''];
}

test('[GWY-2] texts become a request, bars become a message', async () => {
  const history = new RecordedHistory();
  const at = await start(history);
  at.send(...frame({ end: '20131008 16:00:00 US/Eastern', duration: '60 D', what: 'MIDPOINT' }));
  const answer = await at.waitFor((fields) => fields[0] === '17');
  expect(history.asked[0]).toEqual({
    symbol: 'IBM',
    endMs: Date.UTC(2013, 9, 8, 20),
    duration: { count: 60, unit: 'D' },
    barSizeMs: 300_000,
    regularHoursOnly: true,
    what: 'MIDPOINT',
  });
  expect(answer).toEqual(
    ['17', '5', '20131008 09:35:00 US/Eastern', '20131008 16:00:00 US/Eastern', '1'].concat([
      '20131008 09:35:00 US/Eastern',
      '181.5',
      '182',
      '181',
      '181.62',
      '1200',
      '181.55',
      '17',
    ]),
  );
});

test.each([
  [{ format: 2 }, 'v100..193', String(START_MS / 1000)],
  [{ size: '1 day' }, 'v100..193', '20131008'],
  [{}, 'v100..157', '20131008  09:35:00'],
  [{ size: '1 min', end: '20131008-14:00:00' }, 'v157..178', '20131008 09:35:00 US/Eastern'],
] as [Asked, string, string][])('[GWY-2] times of %j at %s', async (asked, offer, text) => {
  const at = await start(new RecordedHistory(), {}, offer);
  at.send(...frame(asked));
  expect((await at.waitFor((fields) => fields[0] === '17'))[5]).toBe(text);
});

test('[GWY-2] bids and asks together are served for stocks, as IBKR does', async () => {
  const history = new RecordedHistory();
  const at = await start(history);
  at.send(...frame({ what: 'BID_ASK' }));
  await at.waitFor((fields) => fields[0] === '17');
  expect(history.asked[0]?.what).toBe('BID_ASK');
});

test('[GWY-2] what IBKR refuses: sizes, kinds, durations, ends, nothing there, unknown cancels', async () => {
  const history = new RecordedHistory();
  const at = await start(history, { pacing: 'off' });
  const refusal = async (asked: Asked): Promise<string[]> => {
    const from = at.messages.length;
    at.send(...frame(asked));
    const answer = await at.waitFor((f) => f[0] === '17' || f[2] === '5', from);
    return answer.slice(2, 4);
  };
  expect(await refusal({ size: '7 mins' })).toEqual(['5', '321']);
  expect(await refusal({ what: 'FEE_RATE' })).toEqual(['5', '321']);
  expect(await refusal({ duration: 'a while' })).toEqual(['5', '321']);
  expect(await refusal({ duration: '0 D' })).toEqual(['5', '321']);
  expect(await refusal({ end: 'yesterday' })).toEqual(['5', '320']);
  expect(await refusal({ end: '20131008 16:00:00 Mars/Base' })).toEqual(['5', '320']);
  expect(await refusal({ end: '20131008 16:00:00', keep: 1 })).toEqual(['5', '321']);
  history.answer = [];
  expect(await refusal({})).toEqual(['5', '162']);
  at.send(25, 1, 99);
  await at.waitFor((fields) => fields[2] === '99' && fields[3] === '366');
});

test('[GWY-2] kept up to date: the current bar again when it changed, until cancelled', async () => {
  const history = new RecordedHistory();
  const at = await start(history, { pacing: 'off' });
  at.send(...frame({ keep: 1 }));
  await at.waitFor((fields) => fields[0] === '17');
  history.answer = [BAR, { ...BAR, startMs: START_MS + 300_000, close: decimal('183') }];
  const deadlineMs = Date.now() + 8000;
  while (at.of(90).length === 0 && Date.now() < deadlineMs) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const [, reqId, count, time, , close] = at.of(90)[0] ?? [];
  expect([reqId, count, time, close]).toEqual(['5', '17', '20131008 09:40:00 US/Eastern', '183']);
  at.send(25, 1, 5);
  at.send(25, 1, 5);
  await at.waitFor((fields) => fields[3] === '366');
});

test('[GWY-2] the pace of history: 162 for a repeat within 15 s', async () => {
  const at = await start(new RecordedHistory());
  at.send(...frame({ reqId: 1 }));
  at.send(...frame({ reqId: 2 }));
  at.send(...frame({ reqId: 3, size: '1 day' }));
  await at.waitFor((fields) => fields[0] === '17' && fields[1] === '3');
  expect(at.of(17).map((fields) => fields[1])).toEqual(['1', '3']);
  expect(at.messages.find((fields) => fields[2] === '2')?.[3]).toBe('162');
});

test('[GWY-2] 60 requests in ten minutes, 6 of a contract in two seconds', () => {
  const pacer = new HistoryPacer();
  const burst = Array.from({ length: 8 }, (_v, n) => pacer.allows('IBM', `burst ${n}`, 0));
  expect(burst.filter(Boolean).length).toBe(6);
  expect(pacer.allows('AAPL', 'other contract', 0)).toBe(true);
  let allowed = 7;
  for (let n = 0; n < 100; n += 1) if (pacer.allows(`S${n}`, `one ${n}`, 3000)) allowed += 1;
  expect(allowed).toBe(60);
  expect(pacer.allows('IBM', 'burst 0', 599_000)).toBe(false);
  expect(pacer.allows('IBM', 'burst 0', 600_001)).toBe(true);
  expect(pacer.allows('IBM', 'burst 0', 615_000)).toBe(false);
  expect(pacer.allows('IBM', 'burst 0', 615_002)).toBe(true);
});
