/** The judge of mails, on a mailbox made by hand: what is guilty, and what is not. */
import { describe, expect, test } from '@jest/globals';
import { mailFindings } from '../../chaos/judge/mail.js';

const row = (id: string, serial: number, tradeId: string | null = 't1') => ({
  ...{ id, serial, tradeId, kind: 'placed' },
});
const mail = (id: string) => ({ messageId: `<${id}@example.org>` });

const TOLD = [row('a', 1), row('b', 2), row('c', 3, 't2'), row('d', 4, null)];
const details = (...ids: string[]) => mailFindings(TOLD, ids.map(mail)).map(({ detail }) => detail);

describe('[NTF-1] mails against the outbox', () => {
  test('each once, and in order within a trade: of different trades any may be first', () => {
    expect(details('d', 'c', 'a', 'b')).toEqual([]);
  });

  test('one that did not arrive, and one that came twice', () => {
    expect(details('a', 'c', 'c', 'd')).toEqual([
      '"placed" did not arrive',
      '"placed" arrived 2 times',
    ]);
  });

  test('one that was overtaken by a later one of its trade', () => {
    expect(details('b', 'a', 'c', 'd')).toEqual([
      '"placed" arrived after a later one of its trade',
    ]);
  });

  test('a repeat of an earlier one is a repeat, and overtakes nothing', () => {
    expect(details('a', 'b', 'a', 'c', 'd')).toEqual(['"placed" arrived 2 times']);
  });

  test('a mail of no message', () => {
    expect(details('a', 'b', 'c', 'd', 'z')).toEqual(['a mail of no message']);
  });
});
