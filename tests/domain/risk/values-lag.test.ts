/** Which fills an account's values show: what is let go is never more than the values have moved by. */
import { describe, expect, test } from '@jest/globals';
import { shownBy, VALUES_LAG_MAX_MS, type UnseenFill } from '../../../domain/risk/values-lag.js';

const FILLED_MS = 1_000_000;
const SOON_MS = FILLED_MS + 30_000;

let fills = 0;
/** Ten at 100, with a commission of one. */
function bought(change: Partial<UnseenFill> = {}): UnseenFill {
  fills += 1;
  return {
    ...{ id: String(fills), side: 'BUY', quantity: '10', price: '100', commission: '1' },
    ...{ rate: '1', commissionRate: '1', isPlain: true, receivedAtMs: FILLED_MS },
    ...change,
  };
}

const told = (totalCash: string, atMs = SOON_MS) => ({ totalCash, atMs });
const idsOf = (of: readonly UnseenFill[]) => of.map(({ id }) => id);

describe('[RSK-2] a fill is shown', () => {
  const fill = bought();

  test('by values whose cash is less by what it cost, with its commission', () => {
    expect(shownBy('10000', told('8999'), [fill])).toEqual({ ids: [fill.id], matchedCash: '8999' });
    expect(shownBy('10000', told('8999.01'), [fill]).ids).toEqual([fill.id]);
  });

  test('by no values that are as before it, however often they are asked for', () => {
    expect(shownBy('10000', told('10000'), [fill])).toEqual({ ids: [], matchedCash: '10000' });
    const last = FILLED_MS + VALUES_LAG_MAX_MS - 1;
    expect(shownBy('10000', told('10000', last), [fill]).ids).toEqual([]);
  });

  test('by all values that were asked for when the broker must have told it', () => {
    const due = FILLED_MS + VALUES_LAG_MAX_MS;
    const shown = { ids: [fill.id], matchedCash: '12345' };
    expect(shownBy('10000', told('12345', due), [fill])).toEqual(shown);
    expect(shownBy(null, told('12345', due), [fill])).toEqual(shown);
  });

  test('by a sale that brought as much, where it was one', () => {
    const sold = bought({ side: 'SELL' });
    expect(shownBy('10000', told('10999'), [sold]).ids).toEqual([sold.id]);
    expect(shownBy('10000', told('8999'), [sold]).ids).toEqual([]);
  });
});

describe('[RSK-2] what leaves a doubt is held until the broker must have told it', () => {
  const fill = bought();

  test.each([
    ['a withdrawal of another amount', '9500'],
    ['a deposit beside it', '9499'],
    ['interest beside it', '9001'],
    ['more than it cost, as of a withdrawal beside it', '7999'],
  ])('%s', (_, cash) => {
    expect(shownBy('10000', told(cash), [fill])).toEqual({ ids: [], matchedCash: '10000' });
  });

  test.each<[string, Partial<UnseenFill>]>([
    ['a commission that was not told', { commission: null }],
    ['no rate', { rate: null }],
    ['no rate of the commission', { commissionRate: null }],
    ['a correction, or one of no trade', { isPlain: false }],
  ])('%s', (_, change) => {
    const unclear = bought(change);
    expect(shownBy('10000', told('8999'), [unclear]).ids).toEqual([]);
    expect(shownBy('10000', told('9000'), [unclear]).ids).toEqual([]);
  });

  test('and the commission that comes later explains the same values', () => {
    const untold = bought({ commission: null });
    const { matchedCash } = shownBy('10000', told('8999'), [untold]);
    const { ids } = shownBy(matchedCash, told('8999'), [{ ...untold, commission: '1' }]);
    expect(ids).toEqual([untold.id]);
  });

  test('cash that was never matched proves nothing, until no fill is left in doubt', () => {
    expect(shownBy(null, told('8999'), [fill])).toEqual({ ids: [], matchedCash: null });
    expect(shownBy(null, told('8999'), [])).toEqual({ ids: [], matchedCash: '8999' });
  });

  test('after an unexplained one that is due, younger fills are matched with nothing', () => {
    const young = bought({ receivedAtMs: FILLED_MS + 100_000 });
    const at = FILLED_MS + VALUES_LAG_MAX_MS;
    const first = shownBy('10000', told('8000', at), [fill, young]);
    expect(first).toEqual({ ids: [fill.id], matchedCash: null });
    expect(shownBy(null, told('6999', at + 1), [young]).ids).toEqual([]);
  });
});

describe('[RSK-2] several fills between two values', () => {
  const [first, second, third] = [
    bought(),
    bought({ quantity: '20' }),
    bought({ quantity: '40', commission: '2' }),
  ];

  test.each([
    ['none', '10000', 0],
    ['the first', '8999', 1],
    ['the first two', '6998', 2],
    ['all', '2996', 3],
    ['a sum that no beginning has', '7999', 0],
  ])('%s', (_, cash, count) => {
    const all = [first, second, third];
    expect(shownBy('10000', told(cash), all).ids).toEqual(idsOf(all.slice(0, count)));
  });

  test('in and out at one price: as few as explain it', () => {
    const out = bought({ side: 'SELL', commission: '0' });
    const free = bought({ commission: '0' });
    expect(shownBy('10000', told('10000'), [free, out]).ids).toEqual([]);
  });

  test('one that is due counts in the sum, and the young beside it', () => {
    const young = bought({ receivedAtMs: FILLED_MS + 100_000 });
    const at = FILLED_MS + VALUES_LAG_MAX_MS;
    expect(shownBy('10000', told('7998', at), [first, young]).ids).toEqual([first.id, young.id]);
    expect(shownBy('10000', told('8999', at), [first, young]).ids).toEqual([first.id]);
  });

  test('in another currency, the rate may have moved a little', () => {
    const foreign = bought({ rate: '0.9', commissionRate: '0.9' });
    expect(shownBy('10000', told('9098.60'), [foreign]).ids).toEqual([foreign.id]);
    expect(shownBy('10000', told('9095'), [foreign]).ids).toEqual([]);
  });
});

describe('[RSK-2] whatever comes in which order', () => {
  /** A broker that reckons fills late, told at random instants; a person who moves money beside it. */
  function play(seed: number): void {
    let state = seed;
    const random = (below: number) => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((state / 2_147_483_648) * below);
    };
    let unseen: (UnseenFill & { readonly reckonedAtMs: number; readonly cost: number })[] = [];
    let [nowMs, cash, matched] = [FILLED_MS, 1_000_000, null as string | null];
    const late: { atMs: number; cost: number }[] = [];
    for (let step = 0; step < 60; step += 1) {
      nowMs += random(90_000);
      if (random(2) === 0) {
        const quantity = 1 + random(5);
        const reckonedAtMs = Math.max(nowMs + random(VALUES_LAG_MAX_MS), late.at(-1)?.atMs ?? 0);
        const cost = quantity * 100 + 1;
        late.push({ atMs: reckonedAtMs, cost });
        const fill = bought({ quantity: String(quantity), receivedAtMs: nowMs });
        unseen.push({ ...fill, reckonedAtMs, cost });
      }
      // Never an amount that fills have: nothing tells such a one from theirs.
      if (random(8) === 0) cash += random(2) === 0 ? 33.5 : -77.25;
      const reckoned = late
        .filter(({ atMs }) => atMs <= nowMs)
        .reduce((all, { cost }) => all + cost, 0);
      const shown = shownBy(matched, told(String(cash - reckoned), nowMs), unseen);
      matched = shown.matchedCash;
      const left = unseen.filter(({ id }) => !shown.ids.includes(id));
      const held = left.reduce((all, { cost }) => all + cost, 0);
      const missing = unseen
        .filter(({ reckonedAtMs }) => reckonedAtMs > nowMs)
        .reduce((all, { cost }) => all + cost, 0);
      // What the values do not show is held, but where the time had run out.
      const isInTime = unseen.every(
        ({ reckonedAtMs, receivedAtMs }) => reckonedAtMs - receivedAtMs <= VALUES_LAG_MAX_MS,
      );
      if (isInTime) expect(held).toBeGreaterThanOrEqual(missing);
      expect(left.every((fill) => nowMs - fill.receivedAtMs < VALUES_LAG_MAX_MS)).toBe(true);
      unseen = left;
    }
  }

  test('what the values do not show is held, and nothing longer than the bound', () => {
    for (let seed = 1; seed <= 300; seed += 1) play(seed);
  });
});
