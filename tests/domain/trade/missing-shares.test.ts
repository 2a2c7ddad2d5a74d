/** Books that count more shares of a contract than the broker holds: what a trade may still do, and what it says. */
import { expect, test } from '@jest/globals';
import { needsOf, NOTHING_KNOWN, type World } from '../../../domain/trade/needs.js';
import { requestClose } from '../../../domain/trade/wishes.js';
import { T0 } from './books.js';
import { openBook } from './open-book.js';

const NOW = T0 + 90_000_000;

const world = (brokerNet: string, missing: string | null): World => ({
  ...{ ...NOTHING_KNOWN, priceIncrement: '0.01', brokerNet, brokerNetAtMs: NOW, missing },
  link: { readySinceMs: T0, pictureAtMs: NOW + 1 },
  quote: {
    ...{ bid: '100', ask: '100', bidSize: '1', askSize: '1', halted: false },
    ...{ atMs: NOW, kind: 'live' },
  },
});

const closing = () => requestClose(openBook(), 'manual').book;

test('[TRD-6] a close whose shares are dealt to it sells them, though others of the contract are missing', () => {
  expect(needsOf(closing(), world('100', '100'), NOW + 500).actions).toHaveLength(1);
});

test('[TRD-6] [TRD-11] where others have what is left, whoever waits is told why, and what settles it', () => {
  const { id, ...book } = openBook();
  const ended = { ...book, id, legs: book.legs.filter(({ role }) => role === 'ENTRY') };
  const closed = requestClose(ended, 'manual').book;
  const { actions, wait } = needsOf(closed, world('0', '100'), NOW + 500);
  expect(actions).toEqual([]);
  expect(wait?.what).toContain('the trades of the contract count 100 more than the broker holds');
  expect(wait?.what).toContain(`ballast resolve difference ${id}`);
  const alone = needsOf(closed, world('0', null), NOW + 500);
  expect(alone.wait?.what).not.toContain('count');
});
