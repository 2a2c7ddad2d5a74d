/** IBKR's hours texts as sessions, over clock changes, half days and bad input. */
import { describe, expect, test } from '@jest/globals';
import { parseHours, readHours } from '../../broker/ibkr/hours.js';
import { covers, isOpen, nextOpen, sessionClose } from '../../domain/hours.js';

const at = (iso: string) => Date.parse(iso);
const parsed = (hours: string, zone = 'US/Eastern') => {
  const result = parseHours(hours, zone, true);
  if (result === null) throw new Error(`not parsed: ${hours}`);
  return result;
};

describe('hours texts as IBKR sends them', () => {
  const hours = parsed('20260405:CLOSED;20260406:0930-20260406:1600;20260407:0930-20260407:1300');

  test('open from the first minute, closed from the last', () => {
    expect(isOpen(hours, at('2026-04-06T09:29:59-04:00'))).toBe(false);
    expect(isOpen(hours, at('2026-04-06T09:30:00-04:00'))).toBe(true);
    expect(isOpen(hours, at('2026-04-06T15:59:59.999-04:00'))).toBe(true);
    expect(isOpen(hours, at('2026-04-06T16:00:00-04:00'))).toBe(false);
  });

  test('[SIG-5] the next open and the close, half days included', () => {
    expect(nextOpen(hours, at('2026-04-05T12:00:00-04:00'))).toBe(at('2026-04-06T09:30:00-04:00'));
    expect(nextOpen(hours, at('2026-04-06T12:00:00-04:00'))).toBe(at('2026-04-07T09:30:00-04:00'));
    expect(nextOpen(hours, at('2026-04-07T12:00:00-04:00'))).toBeNull();
    expect(sessionClose(hours, at('2026-04-07T12:00:00-04:00'))).toBe(
      at('2026-04-07T13:00:00-04:00'),
    );
    expect(sessionClose(hours, at('2026-04-07T13:00:00-04:00'))).toBeNull();
  });

  test('what the text says nothing of', () => {
    expect(covers(hours, at('2026-04-04T23:59:00-04:00'))).toBe(false);
    expect(covers(hours, at('2026-04-05T00:00:00-04:00'))).toBe(true);
    expect(covers(hours, at('2026-04-07T23:59:00-04:00'))).toBe(true);
    expect(covers(hours, at('2026-04-08T00:00:00-04:00'))).toBe(false);
  });

  test('several sessions a day, over midnight, in the older form, and to 24:00', () => {
    const asia = parsed('20260406:0930-20260406:1130,20260406:1230-20260406:1500', 'Japan');
    expect(asia.sessions).toHaveLength(2);
    expect(isOpen(asia, at('2026-04-06T12:00:00+09:00'))).toBe(false);
    const night = parsed('20260405:1800-20260406:1700');
    expect(isOpen(night, at('2026-04-06T03:00:00-04:00'))).toBe(true);
    expect(covers(night, at('2026-04-06T16:59:00-04:00'))).toBe(true);
    const old = parsed('20260406:0700-1830,1830-2330');
    expect(sessionClose(old, at('2026-04-06T19:00:00-04:00'))).toBe(
      at('2026-04-06T23:30:00-04:00'),
    );
    const always = parsed('20260406:0000-20260406:2400;20260407:0000-20260407:2400');
    expect(isOpen(always, at('2026-04-06T23:59:59-04:00'))).toBe(true);
    expect(isOpen(always, at('2026-04-07T00:00:00-04:00'))).toBe(true);
  });

  test('days over both clock changes', () => {
    const spring = parsed('20260308:0930-20260308:1600;20260309:0930-20260309:1600');
    expect(spring.sessions[0]!.openMs).toBe(at('2026-03-08T13:30:00Z'));
    const autumn = parsed('20261030:0930-20261030:1600;20261102:0930-20261102:1600');
    expect(autumn.sessions.map(({ openMs }) => openMs)).toStrictEqual([
      at('2026-10-30T13:30:00Z'),
      at('2026-11-02T14:30:00Z'),
    ]);
  });

  test.each([
    ['nothing', ''],
    ['only separators', ';;'],
    ['no times', '20260406'],
    ['a date that does not exist', '20260231:0930-20260231:1600'],
    ['an hour that does not exist', '20260406:2500-20260406:2600'],
    ['a minute that does not exist', '20260406:0960-20260406:1600'],
    ['an end before its start', '20260406:1600-20260406:0930'],
    ['a closed day that does not exist', '20261301:CLOSED'],
    ['other words', 'open'],
    ['too many days', '20260406:CLOSED;'.repeat(101)],
    ['a bad end date', '20260406:0930-20260231:1600'],
  ])('bad input gives null: %s', (_name, hours) => {
    expect(parseHours(hours, 'US/Eastern', true)).toBeNull();
  });

  test('an unknown zone gives null', () => {
    expect(parseHours('20260406:CLOSED', 'Mars/Olympus', true)).toBeNull();
  });
});

describe('both texts of a contract', () => {
  const texts = {
    tradingHours: '20260406:0400-20260406:2000',
    liquidHours: '20260406:0930-20260406:1600',
    timeZoneId: 'US/Eastern',
  };

  test('[SIG-5] open means the liquid session; the longer one is told beside it', () => {
    const { hours } = readHours(texts);
    expect(hours?.sessions.map(({ liquid }) => liquid)).toEqual([false, true]);
    expect(isOpen(hours!, at('2026-04-06T05:00:00-04:00'))).toBe(false);
    expect(nextOpen(hours!, at('2026-04-06T03:00:00-04:00'))).toBe(at('2026-04-06T09:30:00-04:00'));
    expect(sessionClose(hours!, at('2026-04-06T10:00:00-04:00'))).toBe(
      at('2026-04-06T16:00:00-04:00'),
    );
  });

  test('[BRK-4] a zone that nobody knows is a problem told, never read as New York', () => {
    const { hours, problem } = readHours({ ...texts, timeZoneId: 'Mars/Olympus' });
    expect(hours).toBeNull();
    expect(problem).toContain('Mars/Olympus');
    expect(readHours({ ...texts, timeZoneId: '' }).hours).toBeNull();
  });

  test('liquid hours that can not be read are a problem told; the longer ones may be missing', () => {
    expect(readHours({ ...texts, liquidHours: '' }).problem).toContain('liquid hours');
    expect(readHours({ ...texts, tradingHours: '' }).hours?.sessions).toHaveLength(1);
  });
});
