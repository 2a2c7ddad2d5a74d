/** Daily closes: read from the wire, and asked for within the broker's limits. */
import { afterEach, expect, test } from '@jest/globals';
import { startGateway } from '../support/gateway.js';
import { clientOf, ready, SPY } from './support/harness.js';
import type { Client } from './support/harness.js';
import { endList, startScriptedGateway } from './support/scripted-gateway.js';
import type { ScriptedGateway, ScriptedOptions } from './support/scripted-gateway.js';

const HISTORY = '20';
/** As many as may be asked for in ten minutes. */
const MOST = 50;

let gateway: ScriptedGateway;
let client: Client;

afterEach(async () => {
  await client.broker.close();
  await gateway.close();
});

async function start(answer: NonNullable<ScriptedOptions['answer']>, limits = {}) {
  gateway = await startScriptedGateway({
    answer: (fields, session) => answer(fields, session) || endList(fields, session),
  });
  client = await ready(clientOf(gateway.port, limits));
  return client.broker;
}

/** A bar as the wire has it: date, open, high, low, close, volume, wap, count. */
const bar = (date: string, close: string) => [date, '1', '9', '1', close, '100', '5', '7'];

test('[RSK-1] closes come oldest first, as text, and what is no day or no price is left out', async () => {
  const bars = [
    ...bar('20261118', '181.62'),
    ...bar('20261119', '0'),
    ...bar('20261119 16:00:00', '180'),
    ...bar('20261120', '182.10'),
  ];
  const broker = await start(([id, requestId = ''], session) => {
    if (id !== HISTORY) return false;
    session.send(17, requestId, 'from', 'to', 4, ...bars);
    return true;
  });
  expect(await broker.dailyCloses(SPY)).toStrictEqual([
    { day: '2026-11-18', close: '181.62' },
    { day: '2026-11-20', close: '182.1' },
  ]);
});

test('[RSK-1] a refusal is an error of the broker', async () => {
  const broker = await start(([id, requestId = ''], session) => {
    if (id !== HISTORY) return false;
    session.send(4, 2, requestId, 162, 'HMDS query returned no data', '');
    return true;
  });
  await expect(broker.dailyCloses(SPY)).rejects.toMatchObject({ name: 'BrokerRequestError' });
});

test('[BRK-7] no more are asked for than the broker answers in ten minutes', async () => {
  const broker = await start(
    ([id, requestId = ''], session) => {
      if (id !== HISTORY) return false;
      session.send(17, requestId, 'from', 'to', 1, ...bar('20261120', '1'));
      return true;
    },
    { limits: { maxMessagesPerSecond: 50 } },
  );
  const answers = await Promise.allSettled(
    Array.from({ length: MOST + 1 }, () => broker.dailyCloses(SPY)),
  );
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(MOST);
  expect(answers.at(-1)).toMatchObject({ status: 'rejected', reason: { name: 'NoAnswerError' } });
  expect(gateway.ofKind(HISTORY)).toHaveLength(MOST);
}, 30_000);

test('[GWY-2] [RSK-1] the paper gateway tells some four months of them', async () => {
  gateway = await startScriptedGateway({ answer: endList });
  const paper = await startGateway({ flags: ['--account', 'DU1234567', '--paused'] });
  client = await ready(clientOf(paper.port));
  try {
    const closes = await client.broker.dailyCloses(SPY);
    expect(closes.length).toBeGreaterThan(62);
    const days = closes.map(({ day }) => day);
    expect(days).toStrictEqual([...new Set(days)].sort());
    for (const { close } of closes) expect(Number(close)).toBeGreaterThan(0);
  } finally {
    await paper.stop();
  }
}, 30_000);
