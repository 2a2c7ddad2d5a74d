/**
 * Three losing trades on the whole stack: the strategy is paused, people get a mail from a real server, what rests is
 * cancelled, restarts and a late reset change nothing, and the reset of the next trading day lets it enter again.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startMailbox, type Mailbox } from '../../chaos/stack/mailbox.js';
import type { ScheduledInput, ScheduledResult } from '../../contract/schedules.js';
import { tradeQueue } from '../../contract/workflows.js';
import { lastReset } from '../../domain/calendar.js';
import { holidaysAround } from '../../domain/exchange-days.js';
import { nextReset } from '../../domain/risk/protections.js';
import { isProtected } from '../support/at-rest.js';
import { untilTrue } from '../support/workers.js';
import { startNotifier, type RunningNotifier } from '../worker/support/notifying.js';
import { Day } from './support/day.js';

const STRATEGY = 'streak';
const QUANTITY = '10';
const PRICES = { AAPL: 200, MSFT: 300, IBM: 180, KO: 60, XOM: 100, JPM: 150 };
type Listed = keyof typeof PRICES;
/** Below a stop that is 5 % away. */
const FALLEN = 0.93;
const MAIL_LIMIT_MS = 30_000;

let day: Day;
let mailbox: Mailbox;
let notifier: RunningNotifier;
beforeAll(async () => {
  day = await Day.open(PRICES);
  mailbox = await startMailbox();
  const env = { SMTP_URL: mailbox.url, NOTIFY_EMAIL_TO: 'anna@example.org' };
  notifier = startNotifier(day.stack.db, env);
}, 90_000);
afterAll(async () => {
  await notifier?.stop();
  await mailbox?.close();
  await day?.end();
}, 60_000);

const submit = (symbol: Listed, extra: Record<string, unknown> = {}) =>
  day.submit({ strategy: STRATEGY, symbol, quantity: QUANTITY, extra });

async function lose(symbol: Listed): Promise<string> {
  const tradeId = await submit(symbol);
  await day.stack.waitFor(tradeId, isProtected);
  await day.prices({ [symbol]: PRICES[symbol] * FALLEN });
  const { realizedPnl } = await day.stack.waitFor(tradeId, (trade) => trade.settledAt !== null);
  expect(realizedPnl!.isNegative()).toBe(true);
  return tradeId;
}

/** The codes of an entry that is denied. */
async function denied(symbol: Listed, id: string) {
  const tradeId = await submit(symbol, { id });
  return (await day.stack.waitFor(tradeId, ({ state }) => state === 'DENIED')).denialCodes;
}

async function reset(dueAtMs: number): Promise<ScheduledResult> {
  const { temporal, queuePrefix, db } = day.stack;
  const { id: accountId, brokerAccountId } = await db.account.findFirstOrThrow();
  const input: ScheduledInput = { accountId, brokerAccountId, queuePrefix, dueAtMs };
  const ended: unknown = await temporal.workflow.execute('dailyReset', {
    workflowId: `${queuePrefix}reset-${dueAtMs}`,
    taskQueue: tradeQueue(queuePrefix),
    args: [input],
  });
  return ended as ScheduledResult;
}

test('[RSK-4] [SCH-1] three losses: paused, a mail, the next denied; the next 9:30 lets it enter again', async () => {
  const resting = await submit('KO', { order_type: 'LMT', entry_price: '59.70' });
  await day.stack.waitFor(resting, ({ orders }) =>
    orders.some(({ role, status }) => role === 'ENTRY' && status === 'ACCEPTED'),
  );
  const lost: string[] = [];
  for (const symbol of ['AAPL', 'MSFT', 'IBM'] as const) lost.push(await lose(symbol));

  const isTold = () => mailbox.mails.some(({ subject }) => subject?.includes('losses in a row'));
  await untilTrue('a mail says so', isTold, MAIL_LIMIT_MS);
  const mails = mailbox.mails.filter(({ text }) => text?.includes('paused_streak'));
  expect(mails).toHaveLength(1);
  const rows = await day.stack.db.trade.findMany({ where: { id: { in: lost } } });
  for (const { id, realizedPnl } of rows) {
    expect(mails[0]!.text).toContain(`${realizedPnl!.toFixed(2)} USD (trade ${id})`);
  }

  // [RSK-5] What is unfilled of it goes, and nothing new is sent.
  await day.stack.waitFor(resting, ({ state }) => state === 'CANCELLED');
  expect(await denied('XOM', 'denied-1')).toEqual(['STRATEGY_PAUSED']);

  const mode = (await day.ballast('mode')).out;
  const until = new Date(nextReset(Date.now())).toISOString();
  expect(mode).toMatch(new RegExp(`paused: strategy ${STRATEGY} .*3 losses in a row`));
  expect(mode).toContain(`until ${until}`);
  expect(mode).toContain(`ballast resume --strategy ${STRATEGY}`);

  for (const kind of ['trade-worker', 'broker-worker'] as const) {
    await day.stack.killWorker(kind);
    await day.stack.startWorker(kind);
  }
  // Due before the losses were made, and run only now.
  const late = await reset(lastReset(Date.now(), holidaysAround(Date.now())));
  expect(late.summary).not.toContain('lifted');
  expect(await denied('XOM', 'denied-2')).toEqual(['STRATEGY_PAUSED']);

  const next = await reset(nextReset(Date.now()));
  expect(next).toMatchObject({ done: true, summary: expect.stringContaining('pauses lifted: 1') });
  const again = await submit('XOM', { id: 'again' });
  await day.stack.waitFor(again, isProtected);
  const isResumed = () => mailbox.mails.some(({ text }) => text?.includes('may enter again'));
  await untilTrue('a mail says that it goes on', isResumed, MAIL_LIMIT_MS);
  expect(await day.stack.db.pause.count()).toBe(1);
}, 240_000);

test('[RSK-4] a person ends a pause early, and the log says who', async () => {
  const { db, userId } = day.stack;
  const strategy = await db.strategy.findFirstOrThrow({ where: { name: STRATEGY } });
  const { accountId, id: strategyId } = strategy;
  const of = { userId, accountId, strategyId, kind: 'loss_streak', reason: '3 losses in a row' };
  await db.pause.create({ data: { ...of, endsAt: new Date(nextReset(Date.now())) } });
  expect(await denied('JPM', 'denied-3')).toEqual(['STRATEGY_PAUSED']);
  const { code, out } = await day.ballast('resume', '--strategy', STRATEGY);
  expect([code, out]).toEqual([0, 'lifted: loss_streak: 3 losses in a row\n']);
  expect((await day.ballast('audit')).out).toContain(`strategy ${STRATEGY}`);
  expect((await day.ballast('resume', '--strategy', STRATEGY)).out).toContain('nothing paused');
  expect((await day.ballast('resume', '--strategy', 'nobody')).code).toBe(1);
  const free = await submit('JPM', { id: 'free' });
  await day.stack.waitFor(free, isProtected);
}, 90_000);
