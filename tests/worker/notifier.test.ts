/** The notifier against real servers: mail, and HTTP that answers 429, 500, and nothing. Real PostgreSQL. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { PASSWORD, smtpRefusal, startMailbox, type Mailbox } from '../../chaos/stack/mailbox.js';
import { BACKOFF_MAX_MS } from '../../worker/backoff.js';
import { useAccountDatabase } from '../store/support/account-database.js';
import { plannedTrade } from '../store/support/planned-trade.js';
import {
  BOT_TOKEN,
  eventually,
  startNotifier,
  tell,
  WEBHOOK_SECRET,
  type RunningNotifier,
} from './support/notifying.js';
import { answerOf, startHttpReceiver, type HttpReceiver } from './support/receivers.js';

const opened = useAccountDatabase(['AAA'], '1000000');
const db = () => opened().db;
const userId = () => opened().ready.ownerId;

let mailbox: Mailbox;
let web: HttpReceiver;
const running: RunningNotifier[] = [];

beforeAll(async () => {
  web = await startHttpReceiver();
});
afterAll(async () => web?.close());
beforeEach(async () => {
  mailbox = await startMailbox();
  web.received.length = 0;
  web.answers.length = 0;
  await db().$executeRaw`DELETE FROM notification_deliveries`;
  await db().$executeRaw`DELETE FROM notification_channels`;
  await db().$executeRaw`DELETE FROM notifications`;
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
  await mailbox.close();
});

function start(...[env, options]: [NodeJS.ProcessEnv, Parameters<typeof startNotifier>[2]?]) {
  const one = startNotifier(db(), env, options);
  running.push(one);
  return one;
}

const byMail = () => ({ SMTP_URL: mailbox.url, NOTIFY_EMAIL_TO: 'anna@example.org' });
const byWebhook = () => ({ WEBHOOK_URL: `${web.url}/hook`, WEBHOOK_SECRET });
const byDiscord = () => ({ DISCORD_WEBHOOK_URL: `${web.url}/api/webhooks/1/topsecret` });
const byTelegram = () => ({
  ...{ TELEGRAM_BOT_TOKEN: BOT_TOKEN, TELEGRAM_CHAT_ID: '-42', TELEGRAM_API_URL: web.url },
});

const deliveryOf = (notificationId: string, channel = 'webhook') =>
  db().notificationDelivery.findUniqueOrThrow({
    where: { notificationId_channel: { notificationId, channel } },
  });
const isIn = async (state: string, id: string, channel?: string) =>
  (await deliveryOf(id, channel).catch(() => null))?.state === state;
const sent = (id: string, channel?: string) =>
  eventually(`${id} is sent`, () => isIn('sent', id, channel));

describe('[NTF-1] a message reaches each channel', () => {
  test('mail, with the trade, the time, and an id by which a repeat is known', async () => {
    start(byMail());
    const tradeId = await plannedTrade(db(), opened().ready);
    const id = await tell(db(), userId(), 'AAA filled: 40 at 190.125', { tradeId });
    await sent(id, 'email');
    expect(mailbox.mails).toHaveLength(1);
    const [mail] = mailbox.mails;
    expect(mail).toMatchObject({
      subject: 'Ballast: AAA filled: 40 at 190.125',
      messageId: `<${id}@example.org>`,
      from: { address: 'anna@example.org' },
      to: [{ address: 'anna@example.org' }],
    });
    expect(mail!.text).toContain(`AAA filled: 40 at 190.125\n\ntrade ${tradeId}\n`);
    expect(mail!.text).toContain(`message ${id.slice(0, 8)}`);
    expect(mail!.text).not.toContain('repeat');
  });

  test('Discord, pinging nobody, Telegram as plain text, and a webhook that verifies', async () => {
    start({ ...byDiscord(), ...byTelegram(), ...byWebhook() });
    const id = await tell(db(), userId(), '@everyone <b>AAA</b> closed: -12.34');
    for (const channel of ['discord', 'telegram', 'webhook']) await sent(id, channel);
    const to = (path: string) => web.received.find((one) => one.path.startsWith(path))!;
    const discord = to('/api/webhooks/1/topsecret?wait=true');
    expect(JSON.parse(discord.body)).toMatchObject({
      content: expect.stringContaining('closed: -12.34'),
      allowed_mentions: { parse: [] },
    });
    const telegram = JSON.parse(to(`/bot${BOT_TOKEN}/sendMessage`).body) as object;
    expect(telegram).toMatchObject({ chat_id: '-42', text: expect.stringContaining('<b>AAA</b>') });
    expect(telegram).not.toHaveProperty('parse_mode');
    const { headers, body } = to('/hook');
    const verified = new Webhook(WEBHOOK_SECRET).verify(body, headers as Record<string, string>);
    expect(verified).toMatchObject({
      ...{ type: 'test', data: { id, trade_id: null, detail: { shares: '40' } } },
    });
    expect(headers['webhook-id']).toBe(`msg_${id}`);
    expect(() => new Webhook(WEBHOOK_SECRET).verify(`${body} `, headers as never)).toThrow();
  });

  test('unless its kind is left out; what a person asked for never is', async () => {
    start({ ...byWebhook(), NOTIFY_OFF: 'placed,test' });
    const left = await tell(db(), userId(), 'left out', { kind: 'placed' });
    const asked = await tell(db(), userId(), 'asked for');
    await sent(asked);
    expect(web.received).toHaveLength(1);
    expect(await db().notificationDelivery.count({ where: { notificationId: left } })).toBe(0);
  });
});

describe('[NTF-1] a server that', () => {
  test.each([
    ['a header', answerOf(429, {}, { 'retry-after': '1' }), byWebhook],
    ['Discord’s body', answerOf(429, { retry_after: 1.0 }), byDiscord],
    ['Telegram’s body', answerOf(429, { parameters: { retry_after: 1 } }), byTelegram],
  ])('asks to wait in %s is left alone for so long, by all messages', async (_, answer, by) => {
    start(by());
    web.answers.push(answer);
    await tell(db(), userId(), 'first');
    await eventually('the first attempt', () => web.received.length === 1);
    await tell(db(), userId(), 'second');
    await eventually('the rest', () => web.received.length === 3);
    const [first, again, second] = web.received;
    expect(again!.atMs - first!.atMs).toBeGreaterThanOrEqual(950);
    expect(again!.body).toContain('first');
    expect(second!.body).toContain('second');
    // It said that it did not take it: it is no repeat.
    expect(again!.body).not.toContain('repeat');
  });

  test.each([
    ['at once in a header', answerOf(429, {}, { 'retry-after': '0' }), byWebhook],
    ['before now in a header', answerOf(429, {}, { 'retry-after': '-5' }), byWebhook],
    ['before now in Discord’s body', answerOf(429, { retry_after: -5 }), byDiscord],
  ])(
    '[TRD-16] asks to be asked again %s is asked with growing pauses',
    async (when, answer, by) => {
      start(by());
      web.answers.push(answer, answer, answer);
      await tell(db(), userId(), when);
      await eventually('it is taken', () => web.received.length === 4);
      const pauses = web.received.slice(1).map(({ atMs }, n) => atMs - web.received[n]!.atMs);
      // 1 s, 2 s and 4 s, less the half that chance may take.
      [450, 950, 1_950].forEach((leastMs, n) => expect(pauses[n]).toBeGreaterThanOrEqual(leastMs));
    },
  );

  test('asks to wait for a hundred years is asked again within the hour', async () => {
    start(byWebhook());
    web.answers.push(answerOf(429, {}, { 'retry-after': '3153600000' }));
    const id = await tell(db(), userId(), 'first');
    await eventually(
      'a failure',
      async () => ((await deliveryOf(id).catch(() => null))?.lastError ?? null) !== null,
    );
    const { nextAt } = await deliveryOf(id);
    expect(nextAt.getTime()).toBeLessThanOrEqual(Date.now() + 3_600_000);
    expect(nextAt.getTime()).toBeGreaterThan(Date.now() + 3_000_000);
  });

  test('fails is tried again with the same id and bytes, and the messages of a trade stay in order', async () => {
    start(byWebhook());
    const tradeId = await plannedTrade(db(), opened().ready);
    web.answers.push(answerOf(500, { why: 'broken' }), answerOf(503));
    const ids = [];
    for (const summary of ['one', 'two', 'three']) {
      ids.push(await tell(db(), userId(), summary, { tradeId }));
    }
    await sent(ids[2]!);
    const heard = web.received.map(
      ({ body }) => (JSON.parse(body) as { data: { id: string } }).data.id,
    );
    expect(heard).toEqual([ids[0], ids[0], ids[0], ids[1], ids[2]]);
    expect(new Set(web.received.slice(0, 3).map(({ body }) => body)).size).toBe(1);
    expect(new Set(web.received.map(({ headers }) => headers['webhook-id'])).size).toBe(3);
    expect(await deliveryOf(ids[0]!)).toMatchObject({ attempts: 3, lastError: null });
  }, 20_000);

  test('refuses the message itself gets it once; the next ones arrive, and say that one is missing', async () => {
    const { log } = start(byDiscord());
    web.answers.push(answerOf(400, { message: 'no topsecret content' }));
    const refused = await tell(db(), userId(), 'refused');
    await eventually('it is given up', () => isIn('given_up', refused, 'discord'));
    await tell(db(), userId(), 'taken');
    await eventually('the summary', () => web.received.length === 3);
    expect(web.received[2]!.body).toContain('one message was given up');
    const { lastError, attempts } = await deliveryOf(refused, 'discord');
    expect({ lastError, attempts }).toMatchObject({
      ...{ attempts: 1, lastError: expect.stringContaining('the answer was 400') },
    });
    expect(log.join()).not.toContain('/api/webhooks/1/topsecret');
    const channel = await db().notificationChannel.findUniqueOrThrow({
      where: { name: 'discord' },
    });
    expect(channel.failures).toBe(0);
  });

  test('never answers is given up on in time, and the next attempt says that it may be a repeat', async () => {
    start(byDiscord());
    web.answers.push(null);
    const id = await tell(db(), userId(), 'is anybody there');
    await eventually('the second attempt', () => web.received.length === 2, 30_000);
    await sent(id, 'discord');
    expect(web.received[0]!.body).not.toContain('repeat');
    expect(web.received[1]!.body).toContain('This may be a repeat');
  }, 40_000);

  test('may have taken it, and then refuses an attempt: the next one still says that it may be a repeat', async () => {
    start(byDiscord());
    web.answers.push(answerOf(500), answerOf(429, {}, { 'retry-after': '0' }));
    const id = await tell(db(), userId(), 'once or twice');
    await sent(id, 'discord');
    const repeats = web.received.map(({ body }) => body.includes('This may be a repeat'));
    expect(repeats).toEqual([false, true, true]);
  }, 40_000);

  test.each([
    ['Telegram', { ok: false, error_code: 429, description: 'not now' }, byTelegram],
    ['Telegram, without a number', { ok: false }, byTelegram],
    ['Discord', { code: 0, message: '500: Internal Server Error' }, byDiscord],
  ])('answers 200 and says in its body that it refused is tried again: %s', async (_, body, by) => {
    start(by());
    web.answers.push(answerOf(200, body));
    const id = await tell(db(), userId(), 'refused at first');
    const channel = by === byTelegram ? 'telegram' : 'discord';
    await sent(id, channel);
    expect(web.received).toHaveLength(2);
    expect(web.received[1]!.body).not.toContain('repeat');
  });

  test('answers 200, and takes ever longer to say more, has taken it', async () => {
    start(byTelegram());
    web.answers.push((response) => void response.writeHead(200).write('{"ok":tr'));
    const id = await tell(db(), userId(), 'taken');
    await eventually('it is sent', () => isIn('sent', id, 'telegram'), 30_000);
    expect(web.received).toHaveLength(1);
  }, 40_000);

  test('is mail and refuses one of two recipients sends it once, and it is told who has not got it', async () => {
    const env = { ...byMail(), NOTIFY_EMAIL_TO: 'anna@example.org,ben@example.org' };
    mailbox.refused.add('ben@example.org');
    const { log } = start(env);
    const id = await tell(db(), userId(), 'AAA');
    await sent(id, 'email');
    const where = { name: 'email' };
    const told = expect.stringMatching(/^ben@example\.org: 550 no such user/);
    expect(await deliveryOf(id, 'email')).toMatchObject({ attempts: 1, lastError: told });
    const channel = await db().notificationChannel.findUniqueOrThrow({ where });
    expect(channel).toMatchObject({ failures: 0, lastError: told });
    expect(log.join()).toContain('did not reach everybody');
    mailbox.refused.clear();
    await sent(await tell(db(), userId(), 'BBB'), 'email');
    expect(mailbox.mails).toHaveLength(2);
    expect((await db().notificationChannel.findUniqueOrThrow({ where })).lastError).toBeNull();
  });

  test('sends elsewhere is not followed', async () => {
    start(byWebhook());
    web.answers.push(answerOf(307, {}, { location: `${web.url}/elsewhere` }));
    const id = await tell(db(), userId(), 'stay');
    await sent(id);
    expect(web.received.map(({ path }) => path)).toEqual(['/hook', '/hook']);
  });

  test('is mail and refuses for now is tried again, for good is not; a wrong password never shows', async () => {
    mailbox.answers.push(smtpRefusal(451, 'try later'), smtpRefusal(554, 'spam'), null);
    const { log } = start(byMail());
    const id = await tell(db(), userId(), 'AAA');
    await eventually('it is given up', () => isIn('given_up', id, 'email'));
    expect(await deliveryOf(id, 'email')).toMatchObject({ attempts: 2 });
    expect(log.join()).toContain('try later');
    const wrong = mailbox.url.replace(encodeURIComponent(PASSWORD), 'guessed-password');
    const other = start({ ...byMail(), SMTP_URL: wrong }, { leaseTtlMs: 1 });
    await running.shift()!.stop();
    const refused = await tell(db(), userId(), 'BBB');
    await eventually(
      'an attempt',
      async () => ((await deliveryOf(refused, 'email').catch(() => null))?.lastError ?? '') !== '',
    );
    const { lastError } = await deliveryOf(refused, 'email');
    expect(lastError).toContain('EAUTH');
    expect(lastError! + other.log.join()).not.toContain('guessed-password');
  });
});

describe('[NTF-1] told once', () => {
  /** The mail server is away for so long; the whole ten minutes by hand. */
  const AWAY_MS = Number(process.env['MAIL_AWAY_MS'] ?? 6_000);

  /** The longest pause between two attempts, and a busy machine's time for 150 mails. */
  const ARRIVES_WITHIN_MS = BACKOFF_MAX_MS + 150 * 1_000;

  test('all mail of 50 trades arrives after the server was away, once, in order per trade', async () => {
    const env = byMail();
    await mailbox.close();
    const notifier = start(env);
    const awayAtMs = Date.now();
    const trades = [];
    for (let n = 0; n < 50; n += 1) {
      const tradeId = await plannedTrade(db(), opened().ready);
      trades.push(tradeId);
      for (const what of ['placed', 'filled', 'closed'] as const) {
        await tell(db(), userId(), `${tradeId} ${what}`, { tradeId, kind: what });
      }
      await new Promise((resolve) => setTimeout(resolve, Math.min(AWAY_MS / 50, 10_000)));
    }
    const where = { attempts: { gt: 0 } };
    await eventually(
      'attempts',
      async () => (await db().notificationDelivery.count({ where })) > 0,
    );
    await new Promise((resolve) =>
      setTimeout(resolve, Math.max(0, awayAtMs + AWAY_MS - Date.now())),
    );
    const tried = notifier.log.length;
    mailbox = await startMailbox(mailbox.port);
    // A plan that was denied meanwhile is told too: that is no message of this test.
    const ofTrades = () =>
      mailbox.mails.filter(({ subject }) => / (placed|filled|closed)$/.test(subject ?? ''));
    await eventually('all mail', () => ofTrades().length >= 150, ARRIVES_WITHIN_MS);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(ofTrades()).toHaveLength(150);
    for (const tradeId of trades) {
      const heard = mailbox.mails.filter(({ subject }) => subject?.includes(tradeId));
      const said = heard.map(({ subject }) => subject!.split(' ').at(-1));
      expect(said).toEqual(['placed', 'filled', 'closed']);
    }
    // A channel that is down is asked now and then, however much waits.
    expect(tried).toBeLessThan(AWAY_MS / 1_000 + 10);
    expect(mailbox.mails.filter(({ text }) => text?.includes('repeat'))).toEqual([]);
  }, 900_000);

  test('by several notifiers at once', async () => {
    for (let n = 0; n < 3; n += 1) start(byWebhook());
    const ids = [];
    for (let n = 0; n < 20; n += 1) ids.push(await tell(db(), userId(), `message ${n}`));
    for (const id of ids) await sent(id);
    expect(web.received).toHaveLength(20);
  });

  test('a notifier that stops leaves nothing behind that another would wait for', async () => {
    const first = start(byWebhook());
    await sent(await tell(db(), userId(), 'by the first'));
    await first.stop();
    const channel = await db().notificationChannel.findUniqueOrThrow({
      where: { name: 'webhook' },
    });
    expect(channel).toMatchObject({ holder: null, leaseUntil: null });
    start(byWebhook());
    await sent(await tell(db(), userId(), 'by the second'));
  });

  test('what is too old is given up, visibly, and summed up once the channel works', async () => {
    await tell(db(), userId(), 'of yesterday');
    await tell(db(), userId(), 'of yesterday too');
    await db().$executeRaw`UPDATE notifications SET created_at = now() - interval '2 days'`;
    start(byWebhook());
    const fresh = await tell(db(), userId(), 'of today');
    await sent(fresh);
    await eventually('the summary', () => web.received.length === 2);
    expect(web.received[0]!.body).toContain('of today');
    expect(web.received[1]!.body).toContain('2 messages were given up and did not arrive here');
    const where = { state: 'given_up' };
    const given = await db().notificationDelivery.findMany({ where });
    expect(given.map(({ lastError }) => lastError)).toEqual(
      Array(2).fill('it was too old when a notifier first saw it'),
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(web.received).toHaveLength(2);
  });

  test('what was tried for too long is given up as well, and lets the next of its trade go', async () => {
    start(byWebhook(), { giveUpAfterMs: 3_600_000 });
    const tradeId = await plannedTrade(db(), opened().ready);
    web.answers.push(answerOf(500), answerOf(500));
    const old = await tell(db(), userId(), 'old', { tradeId });
    await eventually('an attempt', () => web.received.length > 0);
    await running.shift()!.stop();
    await db().$executeRaw`UPDATE notifications SET created_at = now() - interval '2 hours'`;
    web.answers.length = 0;
    const next = await tell(db(), userId(), 'next', { tradeId });
    start(byWebhook(), { giveUpAfterMs: 3_600_000 });
    await sent(next);
    expect(await deliveryOf(old)).toMatchObject({
      ...{ state: 'given_up', lastError: expect.stringMatching(/^too old: the answer was 500/) },
    });
  });
});
