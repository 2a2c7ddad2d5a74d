/** The next steps of a trade that sold more than it held. */
import { describe, expect, test } from '@jest/globals';
import type { TradeLeg } from '../../../domain/trade/leg.js';
import type { ProtectionInput } from '../../../domain/trade/protection.js';
import { NOW_MS, short } from './ask.js';
import { ENTERED, filled, leg } from './legs.js';

describe('[TRD-12] overfilled', () => {
  const SOLD = leg('STOP', filled('100', '95'));
  const OVER = leg('TARGET', { ...filled('20', '110'), status: 'CANCELLED' });
  const correction = (change: Partial<TradeLeg> = {}) =>
    leg('CLOSE', { side: 'BUY', quantity: '20', ...change });
  const NET = { brokerNet: '-20' };

  test.each<[string, readonly TradeLeg[], Partial<ProtectionInput>, string[]]>([
    [
      'all exits go first',
      [ENTERED, SOLD, leg('TARGET', filled('20', '110', false))],
      NET,
      ['cancel TARGET-1 overfilled'],
    ],
    ['then one order brings it to flat', [ENTERED, SOLD, OVER], NET, ['BUY 20 overfilled']],
    [
      'never more than the broker shows',
      [ENTERED, SOLD, OVER],
      { brokerNet: '-5' },
      ['BUY 5 overfilled'],
    ],
    ['not while the position is unknown', [ENTERED, SOLD, OVER], { brokerNet: null }, []],
    ['not when the broker shows no excess', [ENTERED, SOLD, OVER], { brokerNet: '0' }, []],
    ['the correction works', [ENTERED, SOLD, OVER, correction()], NET, []],
    [
      'refused once: again',
      [ENTERED, SOLD, OVER, correction({ status: 'REJECTED' })],
      NET,
      ['BUY 20 overfilled'],
    ],
    [
      'refused twice: a person',
      [
        ENTERED,
        SOLD,
        OVER,
        correction({ status: 'REJECTED' }),
        correction({ status: 'REJECTED', sequence: 2 }),
      ],
      NET,
      [],
    ],
    [
      'an entry whose fill nobody told yet may explain it: the position is asked',
      [leg('ENTRY'), leg('STOP', filled('20', '95', false)), leg('TARGET')],
      { brokerNet: null },
      [],
    ],
    [
      'the broker holds what that entry bought: its exits stay',
      [leg('ENTRY'), leg('STOP', filled('20', '95', false)), leg('TARGET')],
      { brokerNet: '80' },
      [],
    ],
    [
      'also where a status told of its end',
      [
        leg('ENTRY', {
          status: 'EXECUTED',
          reported: { filled: '100', remaining: '0', done: true, sinceMs: NOW_MS },
        }),
        leg('STOP', filled('20', '95', false)),
        leg('TARGET'),
      ],
      { brokerNet: '80' },
      [],
    ],
    [
      'the broker shows that it was none of the entry: all go',
      [leg('ENTRY'), leg('STOP', filled('20', '95', false)), leg('TARGET')],
      { brokerNet: '-20' },
      ['cancel ENTRY-1 overfilled', 'cancel STOP-1 overfilled', 'cancel TARGET-1 overfilled'],
    ],
    ['corrected', [ENTERED, SOLD, OVER, correction(filled('20', '96'))], { brokerNet: '0' }, []],
  ])('%s', (_name, legs, change, expected) => {
    expect(short(legs, change)).toStrictEqual(expected);
  });
});
