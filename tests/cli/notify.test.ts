/** `ballast notify test`, `ballast notifications` and what doctor says of channels. Real PostgreSQL and HTTP. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { startMailbox } from '../../chaos/stack/mailbox.js';
import { useAccountDatabase } from '../store/support/account-database.js';
import { eventually, startNotifier, tell, WEBHOOK_SECRET } from '../worker/support/notifying.js';
import type { RunningNotifier } from '../worker/support/notifying.js';
import { answerOf, startHttpReceiver, type HttpReceiver } from '../worker/support/receivers.js';
import { ballast } from './support.js';

const opened = useAccountDatabase(['AAA'], '1000000');
let web: HttpReceiver;
let notifier: RunningNotifier | undefined;

beforeAll(async () => {
  web = await startHttpReceiver();
});
afterEach(async () => {
  await notifier?.stop();
  notifier = undefined;
});
afterAll(async () => web?.close());

const channel = () => ({ WEBHOOK_URL: `${web.url}/secret-path`, WEBHOOK_SECRET });
const run = (argv: string[], more: NodeJS.ProcessEnv = channel()) =>
  ballast(argv, {
    env: { DATABASE_URL: opened().url, TEMPORAL_ADDRESS: '127.0.0.1:1', ...more },
  });
const start = () => (notifier = startNotifier(opened().db, channel()));

interface Check {
  readonly name: string;
  readonly state: string;
  readonly found: string;
}
async function doctorOf(more?: NodeJS.ProcessEnv): Promise<Check[]> {
  const { checks } = JSON.parse((await run(['doctor', '--json'], more)).out) as { checks: Check[] };
  return checks.filter(({ name }) => name === 'notifications');
}

test('[NTF-1] without a channel the test is refused, with the way to one', async () => {
  const { code, err } = await run(['notify', 'test'], {});
  expect(code).toBe(1);
  expect(err).toContain('no channel is configured: set one as docs/notifications.md says');
  expect(await doctorOf({})).toMatchObject([{ state: 'note' }]);
});

test('[NTF-1] without a notifier it waits, and says so; one that comes sends it', async () => {
  const { code, out } = await run(['notify', 'test']);
  expect({ code, out }).toMatchObject({
    code: 1,
    out: expect.stringContaining('no notifier has taken it'),
  });
  expect(await doctorOf()).toMatchObject([
    { state: 'wrong', found: 'webhook: no notifier was ever at it' },
  ]);
  start();
  const again = await run(['notify', 'test']);
  expect(again).toMatchObject({ code: 0, out: 'webhook: sent\n' });
  expect(web.received).toHaveLength(2);
  expect(web.received[1]!.body).toContain('this is a test, asked for by');
  expect(await doctorOf()).toMatchObject([{ state: 'ok' }]);
}, 60_000);

test('[NTF-1] what a channel answers is shown, without its secrets', async () => {
  start();
  const no = answerOf(403, { why: 'no /secret-path for you' });
  web.answers.push(...Array<typeof no>(20).fill(no));
  const { code, out } = await run(['notify', 'test']);
  expect(code).toBe(1);
  expect(out).toMatch(/webhook: waits, tried \d+ times: the answer was 403/);
  expect(out).not.toContain('secret-path');
  const [check] = await doctorOf();
  expect(check!.state).toBe('wrong');
  expect(check!.found).toMatch(/webhook: failed \d+ times in a row: the answer was 403/);
  // What waits would take the answers of the next test.
  web.answers.length = 0;
  const where = { state: 'pending' };
  const isSent = async () => (await opened().db.notificationDelivery.count({ where })) === 0;
  await eventually('what waited is sent', isSent, 40_000);
}, 60_000);

test('[NTF-1] a mail that one of its recipients does not get is no success, and doctor says who', async () => {
  const mailbox = await startMailbox();
  mailbox.refused.add('ben@example.org');
  const env = { SMTP_URL: mailbox.url, NOTIFY_EMAIL_TO: 'anna@example.org,ben@example.org' };
  notifier = startNotifier(opened().db, env);
  try {
    const { code, out } = await run(['notify', 'test'], env);
    expect(code).toBe(1);
    expect(out).toContain('email: sent, but not to everybody: ben@example.org: 550 no such user');
    const found = expect.stringContaining('email: the last message did not reach everybody: ben@');
    expect(await doctorOf(env)).toMatchObject([{ state: 'wrong', found }]);
    expect((await run(['notifications', '--undelivered'], env)).out).toContain('not to everybody');
  } finally {
    await mailbox.close();
  }
}, 60_000);

test('[NTF-1] messages are listed with what became of them, and those that did not arrive alone', async () => {
  start();
  web.answers.push(answerOf(422, { why: 'too odd' }));
  await tell(opened().db, opened().ready.ownerId, 'an odd one');
  const isGivenUp = async () =>
    (await run(['notifications', '--undelivered'])).out.includes('given up');
  for (let look = 0; look < 300 && !(await isGivenUp()); look += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const { out } = await run(['notifications', '--undelivered']);
  expect(out).toContain('webhook: given up: the answer was 422');
  expect(out).toContain('an odd one');
  expect(out).not.toContain('webhook: sent');
  const all = JSON.parse((await run(['notifications', '--json', '--limit', '50'])).out) as object[];
  expect(all.length).toBeGreaterThan(2);
  expect(await doctorOf()).toMatchObject([
    { state: 'note', found: expect.stringContaining('given up') },
  ]);
  expect((await run(['notifications', '--limit', '0'])).code).toBe(2);
}, 60_000);
