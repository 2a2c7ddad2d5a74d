/** Account values of a link that nobody plans on: on a real gateway and database. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pino from 'pino';
import { ValuesKeeper } from '../../worker/broker/values-keeper.js';
import { untilTrue } from '../support/workers.js';
import { liveLink, type LiveLink } from './support/live-link.js';

/** Well within the minute that passes without any reason. */
const AT_ONCE_MS = 30_000;

let live: LiveLink;
beforeAll(async () => {
  live = await liveLink();
}, 120_000);
afterAll(() => live?.close(), 60_000);

const valuesAtMs = async () => (await live.db.account.findFirstOrThrow()).valuesAt?.getTime() ?? 0;

test('[RSK-8] values follow each change of a position, whoever made it', async () => {
  await live.openTrade('AAPL');
  for (const action of ['BUY', 'SELL']) {
    const before = await valuesAtMs();
    const order = { symbol: 'KO', action, quantity: 5 };
    await live.gateway.control('/faults', { name: 'external-order', ...order });
    const isNewer = async () => (await valuesAtMs()) > before;
    await untilTrue('the values are of after it', isNewer, AT_ONCE_MS);
  }
}, 120_000);

test('[RSK-8] values are asked for again and again, and by nobody once it is stopped', async () => {
  let asked = 0;
  const { market, link } = live.link.deps;
  const ask = (account: string) => {
    asked += 1;
    return market.refreshAccount(account);
  };
  const keeper = new ValuesKeeper(link.port, ask, pino({ level: 'silent' }), 100);
  const before = await valuesAtMs();
  await untilTrue('it was asked three times', () => asked >= 3, AT_ONCE_MS);
  await untilTrue('they are newer', async () => (await valuesAtMs()) > before, AT_ONCE_MS);
  keeper.stop();
  keeper.moved();
  const then = asked;
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(asked - then).toBeLessThanOrEqual(1);
}, 120_000);
