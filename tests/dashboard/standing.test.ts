/** Is my money protected? What the page says by what it knows, and how old that is (UI-1). */
import { describe, expect, test } from '@jest/globals';
import type { Now } from '../../dashboard/src/api/types.js';
import { cancelledText, entriesAtBroker } from '../../dashboard/src/banner/entries.js';
import {
  dayOf,
  modeOf,
  protectionKnownAt,
  STALE_AFTER_MS,
  standingOf,
  type Seen,
} from '../../dashboard/src/banner/standing.js';
import { protectionSpans, protectionTotals } from '../../dashboard/src/screens/trade/protection.js';
import { commandSteps } from '../../dashboard/src/screens/trade/command-steps.js';

const AT = '2026-11-23T15:00:00.000Z';
const atMs = Date.parse(AT);
const later = (ms: number) => new Date(atMs + ms).toISOString();

const link = {
  ...{ id: 'c', is_ready: true, age_ms: 300, lease_holder: 'w', last_message_at: later(-500) },
  ...{ down_since: null, parked_reason: null },
};
const trade = (change: object = {}) => ({
  ...{ trade_id: 't', account_id: 'A', symbol: 'AAPL', side: 'BUY', state: 'OPEN' },
  ...{ held_quantity: '10', stop_price: '95', is_protected: true, unprotected_since: null },
  ...change,
});
function seen(change: object = {}, more: Partial<Seen> = {}): Seen {
  const now = {
    ...{ at: AT, accounts: [{ account_id: 'A', connection_id: 'c' }], connections: [link] },
    ...{ open: [trade()], positions: [], halted_by: [], modes: [], pauses: [], attention: [] },
    ...change,
  } as unknown as Now;
  return { now, seenAtMs: atMs, nowMs: atMs + 500, error: null, ...more };
}

describe('[UI-1] the answer', () => {
  test('protected, when every position that a trade holds has its armed stop', () => {
    expect(standingOf(seen(), null)).toMatchObject({ answer: 'protected', held: 1, armed: 1 });
  });

  test('not protected, when one has not, and it is named', () => {
    const naked = trade({ trade_id: 'n', is_protected: false });
    const found = standingOf(seen({ open: [trade(), naked] }), null);
    expect(found).toMatchObject({ answer: 'unprotected', held: 2, armed: 1 });
    expect(found.unarmed).toEqual([naked]);
  });

  test('nothing at risk, when only unfilled entries stand', () => {
    const found = standingOf(
      seen({ open: [trade({ held_quantity: '0', is_protected: false })] }),
      null,
    );
    expect(found).toMatchObject({ answer: 'flat', held: 0 });
  });

  test.each([
    ['the page had no answer for long', {}, { nowMs: atMs + STALE_AFTER_MS + 1 }, AT],
    ['the API is away', {}, { nowMs: atMs + 4_000, error: 'the HTTP API does not answer' }, AT],
    ['the link is down', { connections: [{ ...link, is_ready: false }] }, {}, later(-500)],
    ['the worker is silent', { connections: [{ ...link, age_ms: 9_000 }] }, {}, later(-500)],
    [
      'no worker holds the link',
      { connections: [{ ...link, is_ready: false, lease_holder: null }] },
      {},
      later(-500),
    ],
  ])('is the last that is known, when %s', (_what, change, more, knownAt) => {
    const found = standingOf(seen(change, more), null);
    expect(found.answer).toBe('unknown');
    expect(found.blind).toMatchObject({ knownAt });
    expect(found.blind!.means).toContain('Stops at the broker work without Ballast');
  });

  test('counts what no trade looks after apart, a late fill of a trade that is over above all', () => {
    const left = { account_id: 'A', strategy_id: 's', symbol: 'AAPL', quantity: '5', trades: [] };
    const others = { ...left, strategy_id: null, symbol: 'KO' };
    const held = { ...left, symbol: 'MSFT', trades: [{ trade_id: 't' }] };
    const found = standingOf(seen({ open: [], positions: [left, others, held] }), null);
    expect(found).toMatchObject({ answer: 'flat', external: 2 });
  });

  test('is of the account that is looked at', () => {
    const naked = trade({ account_id: 'B', is_protected: false });
    expect(standingOf(seen({ open: [trade(), naked] }), 'A').answer).toBe('protected');
  });
});

describe("[UI-1] a trade's protection", () => {
  const read = { atMs: atMs - 3_000, hasFailed: false };

  test('is of now by the link of its own account, whichever account is looked at', () => {
    const accounts = [
      { account_id: 'A', connection_id: 'c' },
      { account_id: 'B', connection_id: 'down' },
    ];
    const connections = [link, { ...link, id: 'down', is_ready: false }];
    const both = seen({ accounts, connections });
    expect(protectionKnownAt(both, 'A', read)).toBeNull();
    expect(protectionKnownAt(both, 'B', read)).toBe(later(-500));
  });

  test('is of when the trade was read, while what stands now, or the trade, can not be read', () => {
    expect(protectionKnownAt(null, 'A', read)).toBe(later(-3_000));
    expect(protectionKnownAt(seen(), 'A', { ...read, hasFailed: true })).toBe(later(-3_000));
  });
});

test('[UI-1] a halt file is above every mode; the day of two currencies has no sum', () => {
  const modes = [{ kind: 'installation', name: null, mode: 'REDUCING' }];
  expect(modeOf(seen({ modes }).now, null).mode).toBe('REDUCING');
  expect(modeOf(seen({ modes, halted_by: ['by anna'] }).now, null)).toEqual({
    ...{ mode: 'HALTED', why: 'by anna' },
  });
  const days = [
    { result: '1', currency: 'USD' },
    { result: '2', currency: 'EUR' },
  ] as never[];
  expect(dayOf(days).result).toBeNull();
});

test('[RSK-5] a halt tells how many entries it cancels, and that they stay cancelled', () => {
  const open = ['ENTERING', 'OPEN', 'ENTRY_UNKNOWN', 'PARTIALLY_OPEN'].map((state) => ({ state }));
  expect(entriesAtBroker(open)).toBe(3);
  expect(cancelledText(2)).toMatch(/^2 entries that wait at the broker are cancelled/);
  expect(cancelledText(1)).toMatch(/^1 entry that waits at the broker is cancelled/);
  expect(cancelledText(0)).toContain('No entry waits');
  for (const entries of [1, 2, null]) expect(cancelledText(entries)).toContain('not bring');
});

const write = (n: number, kind: string, terms: object | null, at: number, outcome = 'SHOWN') => ({
  ...{ n, kind, outcome, sending_at: later(at - 5), written_at: later(at) },
  terms: terms && { quantity: '10', stop_price: '95', ...terms },
});
const stop = (incarnations: object[], change: object = {}) => ({
  ...{ id: 's', role: 'STOP', status: 'ACCEPTED', acknowledged_at: later(0), incarnations },
  ...change,
});
const fill = (side: string, quantity: string, at: number, change: object = {}) => ({
  ...{ side, quantity, received_at: later(at), is_superseded: false, ...change },
});
const spansOf = (executions: object[], orders: object[]) =>
  protectionSpans({ executions, orders } as never);

describe('[TRD-8] what protected a trade', () => {
  test('is told span by span: the fill, the moved stop, the exit', () => {
    const orders = [
      stop([write(1, 'place', {}, 0), write(2, 'modify', { stop_price: '97' }, 2_000)], {
        ...{ status: 'EXECUTED', updated_at: later(9_000) },
      }),
    ];
    const spans = spansOf([fill('BUY', '10', 1_000), fill('SELL', '10', 9_000)], orders);
    expect(
      spans.map(({ from, until, cover, stops }) => [from, until, cover, stops[0]?.price]),
    ).toEqual([
      [later(1_000), later(2_000), 'armed', '95'],
      [later(2_000), later(9_000), 'armed', '97'],
    ]);
    expect(protectionTotals(spans, atMs)).toEqual({ heldMs: 8_000, shortMs: 0, excessMs: 0 });
  });

  test('names each second without enough stops: a stop that was cancelled, and one that came late', () => {
    const cancelled = stop([write(1, 'place', {}, 0)], {
      ...{ status: 'CANCELLED', updated_at: later(2_000) },
    });
    const again = stop([write(1, 'place', {}, 5_000)], { id: 's2', acknowledged_at: later(5_000) });
    const spans = spansOf([fill('BUY', '10', 1_000)], [cancelled, again]);
    expect(spans.map(({ cover }) => cover)).toEqual(['armed', 'short', 'armed']);
    expect(protectionTotals(spans, atMs + 6_000).shortMs).toBe(3_000);
    expect(spans.at(-1)!.until).toBeNull();
  });

  test('[TRD-4] a part of the stop, or of the target beside it, that filled leaves no more than is held', () => {
    const group = { oca_group: 'g', oca_type: 2 };
    const own = { ...group, broker_order_id: 'b-stop' };
    const target = { id: 't', role: 'TARGET', ...group, broker_order_id: 'b-target' };
    const exits = [stop([write(1, 'place', {}, 0)], own), { ...target, incarnations: [] }];
    const spans = spansOf(
      [
        fill('BUY', '10', 1_000),
        fill('SELL', '4', 2_000, { role: 'STOP', broker_order_id: 'b-stop' }),
        fill('SELL', '1', 3_000, { role: 'TARGET', broker_order_id: 'b-target' }),
      ],
      exits,
    );
    expect(spans.map(({ held, cover, stops }) => [held, cover, stops[0]?.quantity])).toEqual([
      ['10', 'armed', '10'],
      ['6', 'armed', '6'],
      ['5', 'armed', '5'],
    ]);
  });

  test('takes no write that came to nothing for a stop, and no fill twice', () => {
    const refused = stop([
      write(1, 'place', {}, 0),
      write(2, 'modify', { quantity: '4' }, 500, 'REFUSED'),
    ]);
    const superseded = fill('BUY', '99', 900, { is_superseded: true });
    const spans = spansOf([superseded, fill('BUY', '10', 1_000)], [refused]);
    expect(spans).toHaveLength(1);
    expect(spans[0]).toMatchObject({ held: '10', cover: 'armed' });
  });
});

describe('[UI-1] a command', () => {
  const command = { kind: 'move_stop', verdict: 'accepted', created_at: later(0), done_at: null };
  const asked = (change: object = {}) => ({ ...command, reason: null, ...change });
  const whole = (orders: object[], change: object = {}) => ({
    ...{ orders, executions: [], commands: [], timeline: [], state: 'OPEN', closed_at: null },
    ...{ filled_quantity: '10', ...change },
  });
  const stepsOf = (change: object, trade: object) =>
    commandSteps(asked(change) as never, trade as never).map(({ stage }) => stage);
  const steps = (orders: object[], change: object = {}) => stepsOf(change, whole(orders));
  const placed = write(1, 'place', {}, -1_000);
  const moved = (at: number, outcome = 'SHOWN') =>
    write(2, 'modify', { stop_price: '97' }, at, outcome);
  const done = ['asked', 'sent', 'acknowledged'];

  test('is asked, sent, acknowledged, and never a step ahead', () => {
    const claimed = { ...moved(100, 'CLAIMED'), written_at: null };
    expect(steps([stop([placed])])).toEqual(['asked']);
    expect(steps([stop([placed, claimed])])).toEqual(['asked']);
    expect(steps([stop([placed, moved(100, 'CLAIMED')])])).toEqual(['asked', 'sent']);
    expect(steps([stop([placed, moved(100)])])).toEqual(done);
    expect(steps([stop([placed, moved(100, 'REFUSED')])])).toEqual(['asked', 'sent', 'refused']);
    expect(steps([], { verdict: 'refused' })).toEqual(['asked', 'refused']);
  });

  test('is not carried by a write of another quantity, nor by one before it', () => {
    expect(steps([stop([placed, write(2, 'modify', { quantity: '6' }, 100)])])).toEqual(['asked']);
    expect(steps([stop([placed, moved(-500)])])).toEqual(['asked']);
  });

  test('to close is carried by the target, or the stop, that is moved to where it fills at once', () => {
    const close = { kind: 'close' };
    const target = (outcome: string) =>
      stop([placed, write(2, 'modify', { limit_price: '99' }, 100, outcome)], { role: 'TARGET' });
    expect(steps([target('CLAIMED')], close)).toEqual(['asked', 'sent']);
    expect(steps([target('SHOWN')], close)).toEqual(done);
    expect(steps([stop([placed, moved(100)])], close)).toEqual(done);
    const ordered = { ...write(1, 'place', {}, 100), broker_order_id: '7' };
    expect(steps([stop([ordered], { role: 'CLOSE' })], close)).toEqual(done);
  });

  test('to close is acknowledged by its fill, which may come before any answer', () => {
    const unanswered = { ...moved(100, 'CLAIMED'), broker_order_id: '7' };
    const trade = (at: number) =>
      whole([stop([placed, unanswered])], {
        executions: [fill('SELL', '10', at, { broker_order_id: '7' })],
      });
    expect(stepsOf({ kind: 'close' }, trade(400))).toEqual(done);
    expect(stepsOf({ kind: 'close' }, trade(50))).toEqual(['asked', 'sent']);
  });

  test('to close that is asked twice, in two tabs, is carried by the same write', () => {
    const first = asked({ kind: 'close' });
    const trade = whole([stop([placed, moved(100)])], { commands: [first] });
    expect(stepsOf({ kind: 'close', created_at: later(300) }, trade)).toEqual(done);
    const refused = { commands: [{ ...first, verdict: 'refused' }] };
    const other = whole([stop([placed, moved(100)])], refused);
    expect(stepsOf({ kind: 'close', created_at: later(300) }, other)).toEqual(['asked']);
  });

  test('goes on after a refusal, when it is tried again', () => {
    const again = [placed, moved(100, 'REFUSED'), write(3, 'modify', { stop_price: '98' }, 900)];
    expect(steps([stop(again)], { kind: 'close' })).toEqual(done);
  });

  test('to cancel the entry is carried by its cancel, and so is a close of what bought nothing', () => {
    const entry = stop([placed, write(2, 'cancel', null, 100)], { role: 'ENTRY' });
    expect(steps([entry], { kind: 'cancel_entry' })).toEqual(done);
    expect(steps([entry], { kind: 'close' })).toEqual(['asked']);
    const unfilled = whole([entry], { filled_quantity: '0' });
    expect(stepsOf({ kind: 'close' }, unfilled)).toEqual(done);
  });

  test('that needs no write says so, and a trail waits for its first step', () => {
    const over = whole([stop([placed])], { state: 'CLOSED', closed_at: later(500) });
    expect(stepsOf({ kind: 'close' }, over)).toEqual(['asked', 'needless']);
    const noted = { reason: 'the stop is at 95: nothing to do' };
    expect(steps([stop([placed])], noted)).toEqual(['asked', 'needless']);
    expect(steps([stop([placed])], { kind: 'trail' })).toEqual(['asked', 'follows']);
    expect(steps([stop([placed, moved(100)])], { kind: 'trail' })).toEqual(done);
  });

  test('to move that was accepted, and then could not be carried out, is told as refused', () => {
    const timeline = [{ kind: 'move_refused', at: later(200), detail: { exit: 'target' } }];
    const trade = whole([stop([placed])], { timeline });
    expect(stepsOf({ kind: 'move_target' }, trade)).toEqual(['asked', 'refused']);
    expect(stepsOf({}, trade)).toEqual(['asked']);
  });
});
