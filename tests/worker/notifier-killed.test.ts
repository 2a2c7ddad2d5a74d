/** The notifier as a process of its own, killed where it hurts most, and started again. Real PostgreSQL, mail and HTTP. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { startMailbox, type Mailbox } from '../../chaos/stack/mailbox.js';
import { arm, disarm, passed, untilTaken } from '../../failpoints/arm.js';
import { FAILPOINT_NAMES, FAILPOINTS, type FailpointName } from '../../failpoints/table.js';
import { useAccountDatabase } from '../store/support/account-database.js';
import { createWorkers, type Workers } from '../support/workers.js';
import { eventually, tell, WEBHOOK_SECRET } from './support/notifying.js';
import { answerOf, startHttpReceiver, type HttpReceiver } from './support/receivers.js';

const opened = useAccountDatabase(['AAA'], '1000000');
const folder = mkdtempSync(join(tmpdir(), 'ballast-notifier-'));
const points = join(folder, 'points');

let mailbox: Mailbox;
let web: HttpReceiver;
let workers: Workers;

/** One channel each: which of two loops dies first is chance. */
const channels = {
  email: () => ({ SMTP_URL: mailbox.url, NOTIFY_EMAIL_TO: 'anna@example.org' }),
  webhook: () => ({ WEBHOOK_URL: web.url, WEBHOOK_SECRET }),
};
type Name = keyof typeof channels;

beforeAll(async () => {
  mailbox = await startMailbox();
  web = await startHttpReceiver();
  workers = createWorkers({ DATABASE_URL: opened().url, BALLAST_FAILPOINTS: points });
}, 60_000);
afterEach(() => {
  for (const point of FAILPOINT_NAMES) disarm(points, point);
});
afterAll(async () => {
  await workers?.stop();
  await web?.close();
  await mailbox?.close();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** A killed notifier's lease runs out first. */
const AFTER_DEATH_MS = 60_000;

const say = (summary: string) => tell(opened().db, opened().ready.ownerId, summary);

/** What arrived of a message: by which id, and whether it says that it may be a repeat. */
function toldBy(
  name: Name,
  summary: string,
): { readonly id: string; readonly isDoubted: boolean }[] {
  if (name === 'webhook') {
    const posts = web.received.filter(({ body }) => body.includes(summary));
    return posts.map(({ headers }) => ({ id: String(headers['webhook-id']), isDoubted: false }));
  }
  const mails = mailbox.mails.filter(({ subject }) => subject?.includes(summary));
  return mails.map(({ messageId, text }) => ({
    ...{ id: String(messageId), isDoubted: text?.includes('may be a repeat') ?? false },
  }));
}

/** Kills a notifier at the point and runs another one until the message is sent; gives what arrived. */
async function killAt(name: Name, point: FailpointName) {
  const summary = `${name} at ${point}`;
  arm(points, point, { action: 'exit' });
  const first = workers.start('notifier', channels[name]());
  await first.ready();
  await say(summary);
  await untilTaken(points, point);
  await first.exited;
  disarm(points, point);
  const before = toldBy(name, summary).length;
  const second = workers.start('notifier', channels[name]());
  const where = { state: 'sent', notification: { body: { path: ['summary'], equals: summary } } };
  const isSent = async () => (await opened().db.notificationDelivery.count({ where })) === 1;
  await eventually('it is sent', isSent, AFTER_DEATH_MS);
  await second.stop();
  return { before, told: toldBy(name, summary) };
}

test.each(['email', 'webhook'] as const)(
  '[NTF-1] killed between send and commit: told by %s again, under the same id',
  async (name) => {
    const { before, told } = await killAt(name, 'notify.send.after');
    expect(before).toBe(1);
    expect(told).toHaveLength(2);
    expect(told[1]!.id).toBe(told[0]!.id);
    // A receiver of webhooks goes by the id; of a mail a person reads it.
    expect(told.map(({ isDoubted }) => isDoubted)).toEqual([false, name === 'email']);
  },
  120_000,
);

test('[NTF-1] killed right before a send: told once, as what may be a repeat', async () => {
  const { before, told } = await killAt('email', 'notify.send.before');
  expect(before).toBe(0);
  expect(told).toMatchObject([{ isDoubted: true }]);
}, 120_000);

test('[NTF-1] killed after the commit: told once', async () => {
  const { before, told } = await killAt('email', 'notify.sent.commit.after');
  expect(before).toBe(1);
  expect(told).toMatchObject([{ isDoubted: false }]);
}, 120_000);

test('[PRF-2] every failpoint of the notifier is passed, by the notifier', async () => {
  web.answers.push(answerOf(500), answerOf(400));
  const notifier = workers.start('notifier', channels.webhook());
  await say('refused, and summed up');
  await eventually(
    'it is given up',
    async () => {
      const where = { state: 'given_up' };
      return (await opened().db.notificationDelivery.count({ where })) > 0;
    },
    AFTER_DEATH_MS,
  );
  await say('taken');
  await eventually(
    'the summary',
    () => web.received.some(({ body }) => body.includes('missed')),
    20_000,
  );
  await notifier.stop();
  const seen = passed(points);
  const own = FAILPOINT_NAMES.filter((name) => FAILPOINTS[name].process === 'notifier');
  expect(own.filter((name) => !seen.has(name))).toEqual([]);
  const elsewhere = own.filter((name) =>
    seen.get(name)?.some(({ process }) => process !== 'notifier'),
  );
  expect(elsewhere).toEqual([]);
}, 120_000);
