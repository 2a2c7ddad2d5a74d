/** Mails tell of money: a server of another machine gets none in plain text, but for one that is named for it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startMailbox, type Mailbox } from '../../chaos/stack/mailbox.js';
import { emailChannel } from '../../notify/email.js';

let mailbox: Mailbox;
beforeAll(async () => {
  mailbox = await startMailbox();
});
afterAll(() => mailbox.close());

const MESSAGE = {
  ...{ id: '00000000-0000-0000-0000-000000000000', kind: 'filled', summary: 'filled', detail: {} },
  ...{ tradeId: null, at: '2026-03-02T15:00:00Z', isPerhapsRepeat: false },
};

/** As if the server, which speaks no TLS, were of another machine. */
const sent = (isPlain: boolean) =>
  emailChannel({
    ...{ url: mailbox.url, from: 'ballast@example.org', to: ['anna@example.org'] },
    ...{ isLoopback: false, isPlain },
  }).send(MESSAGE);

test('[NTF-1] a server elsewhere that speaks no TLS gets no mail', async () => {
  expect(await sent(false)).toMatchObject({ kind: 'failed' });
  expect(mailbox.mails).toEqual([]);
});

test('[NTF-1] one that SMTP_PLAIN is set for does', async () => {
  expect(await sent(true)).toMatchObject({ kind: 'sent' });
  expect(mailbox.mails).toHaveLength(1);
});
