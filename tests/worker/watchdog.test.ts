/** The watchdog as a process of its own, over a real PostgreSQL that goes away, and real servers that it tells. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { startMailbox, type Mailbox } from '../../chaos/stack/mailbox.js';
import { valveToDatabase, type DatabaseValve } from '../../chaos/stack/valve.js';
import { acquireLease, ensureConnection, releaseLease } from '../../store/connections.js';
import { useAccountDatabase } from '../store/support/account-database.js';
import { createWorkers, type Worker, type Workers } from '../support/workers.js';
import {
  eventually,
  startNotifier,
  WEBHOOK_SECRET,
  type RunningNotifier,
} from './support/notifying.js';
import { answerOf, startHttpReceiver, type HttpReceiver } from './support/receivers.js';

const SILENT_S = 3;
const TOLD_WITHIN_MS = 30_000;
const KEY = { host: '127.0.0.1', port: 65_000, clientId: 7 };

const opened = useAccountDatabase(['AAA'], '1000000');
let mailbox: Mailbox;
let web: HttpReceiver;
let valve: DatabaseValve;
let workers: Workers;
let notifier: RunningNotifier | undefined;
let watchdog: Worker;
let renewing: NodeJS.Timeout | undefined;

const channels = () => ({
  ...{ SMTP_URL: mailbox.url, NOTIFY_EMAIL_TO: 'anna@example.org' },
  ...{ WEBHOOK_URL: web.url, WEBHOOK_SECRET },
});

/** As a broker worker does, until it is stopped. */
async function signAsWorker(): Promise<() => void> {
  const { db, ready } = opened();
  const connectionId = await ensureConnection(db, { userId: ready.ownerId, ...KEY });
  const sign = () => void acquireLease(db, connectionId, 'me', 1_000).catch(() => undefined);
  sign();
  renewing = setInterval(sign, 200);
  return () => clearInterval(renewing);
}

beforeAll(async () => {
  mailbox = await startMailbox();
  web = await startHttpReceiver();
  valve = await valveToDatabase(opened().url);
  workers = createWorkers({
    ...{ DATABASE_URL: valve.url, WATCHDOG_SILENT_SECONDS: String(SILENT_S) },
    ...{ IBKR_HOST: KEY.host, IBKR_PORT: String(KEY.port), IBKR_CLIENT_ID: String(KEY.clientId) },
  });
}, 60_000);
afterEach(async () => {
  clearInterval(renewing);
  await notifier?.stop();
  notifier = undefined;
  await watchdog.stop();
  web.received.length = 0;
  mailbox.mails.length = 0;
});
afterAll(async () => {
  await workers?.stop();
  await valve?.stop();
  await web?.close();
  await mailbox?.close();
}, 60_000);

const start = async () => {
  watchdog = workers.start('watchdog', channels());
  await watchdog.ready();
};
const posted = () =>
  web.received.filter(({ status }) => status === 200).map(({ body }) => summaryOf(body));
const summaryOf = (body: string) =>
  (JSON.parse(body) as { data: { summary: string } }).data.summary.slice(0, 60);
const count = (beginning: string) => posted().filter((said) => said.startsWith(beginning)).length;

test('[OPS-8] tells of a broker worker that falls silent, and of its return, on every channel, once', async () => {
  notifier = startNotifier(opened().db, channels());
  const fallSilent = await signAsWorker();
  await start();
  fallSilent();
  // The first attempt of the webhook is refused: it is told all the same.
  web.answers.push(answerOf(500));
  await eventually(
    'it is told',
    () => count('the broker worker has given no sign') === 1,
    TOLD_WITHIN_MS,
  );
  await signAsWorker();
  await eventually(
    'and its return',
    () => count('the broker worker is heard again') === 1,
    TOLD_WITHIN_MS,
  );
  const subjects = () => mailbox.mails.map(({ subject }) => subject ?? '');
  await eventually('by mail too', () => subjects().length === 2, TOLD_WITHIN_MS);
  expect(subjects()[0]).toMatch(
    /^Ballast: the broker worker has given no sign of life for \d+ s: nobody looks/,
  );
  expect(posted()).toHaveLength(2);
}, 120_000);

test('[OPS-8] tells of a notifier that is not at its channels, itself', async () => {
  await signAsWorker();
  await start();
  await eventually(
    'it is told',
    () => count('the notifier has given no sign') === 1,
    TOLD_WITHIN_MS,
  );
  expect(posted()).toHaveLength(1);
}, 120_000);

test('[OPS-8] tells of a database that hangs, of it alone, and of its return', async () => {
  notifier = startNotifier(opened().db, channels());
  await signAsWorker();
  await start();
  valve.shut();
  await eventually(
    'it is told',
    () => count('the database has given no sign') === 1,
    TOLD_WITHIN_MS,
  );
  valve.open();
  await eventually(
    'and its return',
    () => count('the database is heard again') === 1,
    TOLD_WITHIN_MS,
  );
  expect(posted()).toHaveLength(2);
}, 120_000);

test('[OPS-8] a worker that gives its lease up and stays away is silent too', async () => {
  const { db, ready } = opened();
  notifier = startNotifier(db, channels());
  const connectionId = await ensureConnection(db, { userId: ready.ownerId, ...KEY });
  const lease = await acquireLease(db, connectionId, 'me', 1_000);
  await releaseLease(db, lease!);
  await start();
  await eventually(
    'it is told',
    () => count('the broker worker has given no sign') === 1,
    TOLD_WITHIN_MS,
  );
}, 120_000);
