/** Questions to the gateway: end markers, deadlines, errors and quotes, one sequence at a time. */
import { afterEach, expect, test } from '@jest/globals';
import { clientOf, ofKind, pause, ready, SPY, until } from './support/harness.js';
import type { Client } from './support/harness.js';
import { endList, startScriptedGateway } from './support/scripted-gateway.js';
import type { ScriptedGateway, ScriptedOptions } from './support/scripted-gateway.js';

const MARKET_DATA = '1';
const EXECUTIONS = '7';
const CONTRACT = '9';
const ALL_OPEN_ORDERS = '16';
const POSITIONS = '61';
const ACCOUNT_SUMMARY = '62';
const CANCEL_POSITIONS = '64';

let gateway: ScriptedGateway;
let client: Client;

afterEach(async () => {
  await client.broker.close();
  await gateway.close();
});

async function start(
  answer: ScriptedOptions['answer'],
  limits: Parameters<typeof clientOf>[1] = {},
): Promise<Client> {
  gateway = await startScriptedGateway({ ...(answer && { answer }) });
  client = await ready(clientOf(gateway.port, limits));
  return client;
}

/** An order status, the shortest message that makes an open order known. */
function statusOf(orderId: number): (string | number)[] {
  return [3, orderId, 'Submitted', 0, 10, 0, 9_000 + orderId, 0, 0, 7, '', 0];
}

test('[BRK-2] a late end marker of the open orders does not complete the next picture', async () => {
  let request = 0;
  const { broker } = await start(
    (fields, session) => {
      if (fields[0] !== ALL_OPEN_ORDERS) return endList(fields, session);
      request += 1;
      if (request === 1)
        setTimeout(() => session.send(53, 1), 250); // too late
      else {
        setTimeout(() => session.send(...statusOf(2)), 200);
        setTimeout(() => session.send(53, 1), 240);
      }
      return true;
    },
    { limits: { listingTimeoutMs: 200 } },
  );
  expect(await broker.snapshot()).toMatchObject({ isComplete: false, orders: [] });
  // The first request's marker comes 50 ms into the second: the list must not end there.
  const second = await broker.snapshot();
  expect(second.isComplete).toBe(false);
  expect(second.endedAtMs - second.startedAtMs).toBeGreaterThanOrEqual(150);
  await pause(100);
  // The second's own marker arrived after its deadline as well.
  expect((await broker.snapshot()).isComplete).toBe(false);
});

test('[BRK-2] lists of one kind run one at a time: a picture waits for the positions of a sale', async () => {
  const ends: (() => void)[] = [];
  const { broker } = await start((fields, session) => {
    if (fields[0] !== POSITIONS) return endList(fields, session);
    ends.push(() => session.send(62, 1));
    return true;
  });
  const held = broker.positions();
  await until('it begins', () => gateway.ofKind(POSITIONS).length === 1);
  const picture = broker.snapshot();
  await until('the other lists', () => gateway.ofKind(EXECUTIONS).length === 1);
  await pause(50);
  expect(gateway.ofKind(POSITIONS)).toHaveLength(1);
  ends[0]?.();
  expect(await held).toMatchObject({ complete: true });
  await until('the second request', () => ends.length === 2);
  ends[1]?.();
  expect(await picture).toMatchObject({ isComplete: true });
});

test('[BRK-2] after a lost end marker later lists complete again', async () => {
  let request = 0;
  const { broker } = await start(
    ([id], session) => {
      if (id !== POSITIONS) return false;
      request += 1;
      if (request === 1) return true;
      session.send(
        61,
        3,
        'DU1234567',
        756733,
        'SPY',
        'STK',
        '',
        0,
        '?',
        '',
        'ARCA',
        'USD',
        'SPY',
        'SPY',
        '-12.5',
        '101.25',
      );
      session.send(62, 1);
      return true;
    },
    { limits: { listingTimeoutMs: 120 } },
  );
  expect((await broker.positions()).complete).toBe(false);
  expect((await broker.positions()).complete).toBe(false);
  const listing = await broker.positions();
  expect(listing).toMatchObject({
    complete: true,
    items: [{ account: 'DU1234567', symbol: 'SPY', quantity: '-12.5', averageCost: '101.25' }],
  });
});

test('[BRK-12] whoever asks for a list before it begins shares it, however many they are', async () => {
  const { broker } = await start(([id], session) => {
    if (id !== POSITIONS) return false;
    setTimeout(() => session.send(62, 1), 50);
    return true;
  });
  const first = broker.positions();
  await until('it begins', () => gateway.ofKind(POSITIONS).length === 1);
  // The first one began before these asked: it may lack what they know.
  const others = Array.from({ length: 60 }, () => broker.positions());
  const listings = await Promise.all([first, ...others]);
  expect(listings.every(({ complete }) => complete)).toBe(true);
  expect(new Set(listings).size).toBe(2);
  expect(gateway.ofKind(POSITIONS)).toHaveLength(2);
  await until('both end', () => gateway.ofKind(CANCEL_POSITIONS).length === 2);
});

test('[BRK-2] a connection lost in the middle makes lists incomplete, not an error', async () => {
  const { broker } = await start((fields, session) => {
    if (fields[0] !== EXECUTIONS) return false;
    session.send(...statusOf(1));
    session.hangUp();
    return true;
  });
  const [held, picture] = await Promise.all([broker.positions(), broker.snapshot()]);
  expect(picture).toMatchObject({ isComplete: false, executions: [] });
  expect(held).toMatchObject({ complete: false, items: [] });
});

test('an unknown contract is an error of the broker, and is asked for again later', async () => {
  const { broker } = await start(([id, , requestId], session) => {
    if (id !== CONTRACT) return false;
    session.send(4, 2, requestId ?? '', 200, 'No security definition has been found', '');
    return true;
  });
  const refusal = { name: 'UnknownContractError' };
  await expect(broker.resolveContract(SPY)).rejects.toMatchObject(refusal);
  await expect(broker.resolveContract(SPY)).rejects.toMatchObject(refusal);
  expect(gateway.ofKind(CONTRACT)).toHaveLength(2);
});

test('a question without an answer says so after its deadline', async () => {
  const { broker } = await start(([id]) => id === CONTRACT || id === ACCOUNT_SUMMARY, {
    limits: { requestTimeoutMs: 80 },
  });
  await expect(broker.resolveContract(SPY)).rejects.toMatchObject({ name: 'NoAnswerError' });
  await expect(broker.accountSnapshot('DU1234567')).rejects.toMatchObject({
    name: 'NoAnswerError',
  });
  await until('the cancel of the summary', () => gateway.ofKind('63').length === 1);
});

test('account figures are exact text, shared while asked for, and cancelled after', async () => {
  const { broker, events } = await start(([id, , requestId], session) => {
    if (id !== ACCOUNT_SUMMARY) return false;
    const tags = ['NetLiquidation', 'TotalCashValue', 'SettledCash', 'AvailableFunds'];
    for (const tag of [...tags, 'BuyingPower', 'ExcessLiquidity']) {
      session.send(63, 1, requestId ?? '', 'DU1234567', tag, '100000.10', 'USD');
    }
    session.send(64, 1, requestId ?? '');
    return true;
  });
  const [first, second] = await Promise.all([
    broker.accountSnapshot('DU1234567'),
    broker.accountSnapshot('DU1234567'),
  ]);
  expect(first).toMatchObject({ baseCurrency: 'USD', netLiquidation: '100000.1' });
  expect(second.netLiquidation).toBe(first.netLiquidation);
  expect(gateway.ofKind(ACCOUNT_SUMMARY)).toHaveLength(1);
  expect(ofKind(events, 'account')).toHaveLength(1);
  await until('the cancel', () => gateway.ofKind('63').length === 1);
});

type LedgerLine = readonly [tag: string, value: string, currency: string];

/** Answers a summary of an account in EUR with these lines of its ledger beside the figures. */
function ledgerAnswer(lines: readonly LedgerLine[]): ScriptedOptions['answer'] {
  return ([id, , requestId = ''], session) => {
    if (id !== ACCOUNT_SUMMARY) return false;
    const tags = ['NetLiquidation', 'TotalCashValue', 'SettledCash', 'AvailableFunds'];
    for (const tag of [...tags, 'BuyingPower', 'ExcessLiquidity']) {
      session.send(63, 1, requestId, 'DU1234567', tag, '100000.10', 'EUR');
    }
    for (const line of lines) session.send(63, 1, requestId, 'DU1234567', ...line);
    session.send(64, 1, requestId);
    return true;
  };
}

test('[SIZ-8] the summary asks for the ledger of all currencies and reads its rates', async () => {
  const { broker } = await start(
    ledgerAnswer([
      ['CashBalance', '20', 'USD'],
      ['ExchangeRate', '0.9231', 'USD'],
      ['ExchangeRate', '1.00', 'EUR'],
      ['ExchangeRate', '1.00', 'BASE'],
      ['ExchangeRate', '0', 'JPY'],
      ['ExchangeRate', '-1', 'GBP'],
      ['ExchangeRate', 'Infinity', 'CHF'],
      ['ExchangeRate', '', 'SEK'],
      ['ExchangeRate', '0.5', 'not a currency'],
    ]),
  );
  const { baseCurrency, exchangeRates } = await broker.accountSnapshot('DU1234567');
  expect(JSON.stringify(gateway.ofKind(ACCOUNT_SUMMARY))).toContain('$LEDGER:ALL');
  expect(baseCurrency).toBe('EUR');
  expect(exchangeRates).toStrictEqual({ EUR: '1', USD: '0.9231' });
});

test('[SIZ-8] rates that do not call the base currency one are no rates to it', async () => {
  const other = ledgerAnswer([
    ['ExchangeRate', '1.08', 'EUR'],
    ['ExchangeRate', '1.00', 'USD'],
  ]);
  const { broker } = await start(other);
  expect((await broker.accountSnapshot('DU1234567')).exchangeRates).toStrictEqual({});
});

/** Answers a market data request with both sides, sizes and what else is asked for. */
function quoteAnswer(
  extra: (requestId: string) => (string | number)[][],
): ScriptedOptions['answer'] {
  return ([id, , requestId = ''], session) => {
    if (id !== MARKET_DATA) return false;
    for (const message of extra(requestId)) session.send(...message);
    session.send(1, 6, requestId, 1, '181.62', '300', 1);
    session.send(1, 6, requestId, 2, '181.63', '200.5', 1);
    return true;
  };
}

test('a snapshot ends when both sides are known, with the kind of data and a halt', async () => {
  const { broker } = await start(
    quoteAnswer((id) => [
      [58, 1, id, 2],
      [45, 6, id, 49, 1],
    ]),
  );
  expect(await broker.quoteSnapshot(SPY)).toMatchObject({
    bid: '181.62',
    ask: '181.63',
    bidSize: '300',
    askSize: '200.5',
    kind: 'frozen',
    halted: true,
  });
});

test('a snapshot without prices ends with the terminal and says that there are none', async () => {
  const { broker } = await start(([id, , requestId = ''], session) => {
    if (id !== MARKET_DATA) return false;
    session.send(1, 6, requestId, 1, '-1', '0', 1);
    session.send(57, 1, requestId);
    return true;
  });
  expect(await broker.quoteSnapshot(SPY)).toMatchObject({ bid: null, ask: null, kind: 'live' });
});

test('delayed ticks are told from live ones, a remark about them ends nothing', async () => {
  const { broker } = await start(([id, , requestId = ''], session) => {
    if (id !== MARKET_DATA) return false;
    session.send(4, 2, requestId, 10167, 'Displaying delayed market data', '');
    session.send(1, 6, requestId, 66, '181.5', '100', 0);
    session.send(1, 6, requestId, 67, '181.7', '100', 0);
    return true;
  });
  expect(await broker.quoteSnapshot(SPY)).toMatchObject({ bid: '181.5', kind: 'delayed' });
});

test('a missing subscription is an error of the broker', async () => {
  const { broker } = await start(([id, , requestId = ''], session) => {
    if (id !== MARKET_DATA) return false;
    session.send(4, 2, requestId, 354, 'Requested market data is not subscribed', '');
    return true;
  });
  await expect(broker.quoteSnapshot(SPY)).rejects.toMatchObject({ code: 354 });
});

test('streamed quotes come one per batch of ticks, with both sides', async () => {
  const { broker, events } = await start(quoteAnswer(() => []));
  const releases = [broker.watchQuote(SPY), broker.watchQuote(SPY)];
  await until('a quote', () => ofKind(events, 'quote').length > 0);
  const quotes = ofKind(events, 'quote');
  expect(gateway.ofKind(MARKET_DATA)).toHaveLength(1);
  expect(quotes.at(-1)).toMatchObject({
    instrument: { symbol: 'SPY' },
    quote: { bid: '181.62', ask: '181.63' },
  });
  releases[0]?.();
  await pause(30);
  expect(gateway.ofKind('2')).toHaveLength(0);
  releases[1]?.();
  await until('the cancel', () => gateway.ofKind('2').length === 1);
});

test('market data lines are bounded', async () => {
  const { broker } = await start(undefined, { limits: { marketDataLines: 1 } });
  const release = broker.watchQuote(SPY);
  expect(() => broker.watchQuote({ ...SPY, symbol: 'QQQ' })).toThrow(/market data lines/);
  release();
  broker.watchQuote({ ...SPY, symbol: 'QQQ' })();
});

test('a refused stream is asked for again, until it is released', async () => {
  let refuse = true;
  const { broker, events } = await start(
    ([id, version, requestId = ''], session) => {
      if (id !== MARKET_DATA) return false;
      if (refuse) session.send(4, 2, requestId, 10197, 'No market data: competing session', '');
      else quoteAnswer(() => [])?.([id, version ?? '', requestId], session);
      return true;
    },
    { limits: { streamRetryMs: 60 } },
  );
  const release = broker.watchQuote(SPY);
  await until('a second request', () => gateway.ofKind(MARKET_DATA).length >= 2);
  refuse = false;
  await until('a quote', () => ofKind(events, 'quote').length > 0);
  release();
  const asked = gateway.ofKind(MARKET_DATA).length;
  await pause(150);
  expect(gateway.ofKind(MARKET_DATA)).toHaveLength(asked);
});
