/**
 * Filled shares are protected within a bound whatever becomes of their entry and of its exits: judged from
 * the broker's own books, while the entry fills on and on.
 */
import { expect, test } from '@jest/globals';
import { deriveTrade } from '../../../domain/trade/derive.js';
import { planProtection } from '../../../domain/trade/protection.js';
import { ENTRY_END_MS, UNARMED_GRACE_MS } from '../../../domain/trade/protect-entry.js';
import { ToyBroker, type Switches } from './toy-broker.js';

const T0_MS = 1_000_000;
const TICK_MS = 100;
const DURATION_MS = 40_000;
const FILL_EVERY_MS = 7_000;
/** The grace, the wait for the entry's end, and some ticks for the repair itself. */
const UNARMED_MAX_MS = Math.max(ENTRY_END_MS, UNARMED_GRACE_MS) + 10 * TICK_MS;

const ENTRIES = ['taken', 'refused', 'unanswered'] as const;
const EXITS = ['dead', 'refused', 'asleep'] as const;

/** In order, each message once, and refusals before all else. */
const withoutChance = (below: number): number => (below === REPEATS_ONE_IN ? 1 : 0);
/** By which the toy broker repeats a message. */
const REPEATS_ONE_IN = 5;

class Run {
  nowMs = T0_MS;
  unarmedSinceMs: number | null = null;
  /** The longest time in which the broker held shares that no stop of its covered. */
  longestUnarmedMs = 0;
  private groups = 0;
  private bareSinceMs: number | null = null;
  readonly broker: ToyBroker;

  constructor(entryCancel: (typeof ENTRIES)[number], exits: (typeof EXITS)[number]) {
    const switches: Switches = {
      children: exits === 'asleep' ? 'on_complete_fill' : 'full_size_on_first_fill',
      parentCancel: 'kills',
      cascade: false,
      refusals: exits === 'refused' ? 2 : 0,
      overfills: false,
      entryCancel,
    };
    this.broker = new ToyBroker('BUY', switches, withoutChance);
    this.broker.send('ENTRY', 'BUY', 100, { ocaGroup: null });
    this.place(100, '95', '110', 'bracket');
    this.exchange();
    if (exits === 'dead') this.broker.endExits();
    this.exchange();
  }

  /** The entry fills every few seconds; everything else is answered at once. */
  play(): void {
    for (let tick = 0; tick * TICK_MS < DURATION_MS; tick += 1) {
      const entry = this.broker.entry()!;
      if ((tick * TICK_MS) % FILL_EVERY_MS === 0 && entry.state === 'working') {
        this.broker.fill(entry, 10);
      }
      this.exchange();
      this.judge();
      this.act();
      this.exchange();
      this.judge();
      this.nowMs += TICK_MS;
    }
  }

  private exchange(): void {
    const { broker } = this;
    for (const command of broker.commands.splice(0)) command();
    while (broker.messages.length > 0) broker.deliverAny();
    if (this.broker.switches.entryCancel !== 'unanswered') broker.listOrders();
    const { heldQuantity, armedQuantity } = this.view();
    const isCovered = Number(heldQuantity) <= Number(armedQuantity);
    this.unarmedSinceMs = isCovered ? null : (this.unarmedSinceMs ?? this.nowMs);
  }

  private view() {
    return deriveTrade([...this.broker.legs.values()], {
      side: 'BUY',
      beforeEntry: 'RECEIVED',
      closeRequested: null,
      stopPrice: '95',
      targetPrice: '110',
    });
  }

  private judge(): void {
    const net = this.broker.net();
    expect(net).toBeGreaterThanOrEqual(0);
    const isBare = net > this.broker.armed();
    this.bareSinceMs = isBare ? (this.bareSinceMs ?? this.nowMs) : null;
    const bareMs = this.bareSinceMs === null ? 0 : this.nowMs - this.bareSinceMs;
    this.longestUnarmedMs = Math.max(this.longestUnarmedMs, bareMs);
    const exits = this.broker.live().filter(({ role, state }) => {
      return role !== 'ENTRY' && state === 'working';
    });
    const bracket = exits.some(({ group }) => group === 'bracket');
    // What stands beside an entry is of one group, and never more than is held.
    if (bracket || net === 0) return;
    expect(new Set(exits.map(({ group }) => group)).size).toBeLessThanOrEqual(1);
    for (const exit of exits) expect(this.broker.working(exit)).toBeLessThanOrEqual(net);
  }

  private act(): void {
    const { broker } = this;
    const { actions } = planProtection({
      ...{ nowMs: this.nowMs, side: 'BUY', legs: [...broker.legs.values()] },
      ...{ stopPrice: '95', targetPrice: '110', closeRequested: false },
      ...{ cancelEntryRequested: false, brokerNet: String(broker.net()), quote: null },
      ...{ priceIncrement: '0.01', unarmedSinceMs: this.unarmedSinceMs },
      ...{ lastExitFillMs: null, link: { readySinceMs: this.nowMs, pictureAtMs: this.nowMs } },
    });
    for (const action of actions) {
      if (action.kind === 'cancel') broker.cancel(action.legId);
      else if (action.kind === 'modify') {
        const { legId, quantity, limitPrice, stopPrice } = action;
        broker.modify(legId, quantity, limitPrice, stopPrice);
      } else if (action.kind === 'place_exits') {
        const group = action.ocaGroup ?? `oca-${(this.groups += 1)}`;
        this.place(Number(action.quantity), action.stopPrice, action.targetPrice, group);
      } else throw new Error(`${action.kind}: nothing else was to be done`);
    }
  }

  private place(quantity: number, stop: string | null, target: string | null, group: string): void {
    const { broker } = this;
    const ocaGroup = group;
    if (stop !== null) broker.send('STOP', 'SELL', quantity, { stopPrice: stop, ocaGroup });
    if (target !== null) broker.send('TARGET', 'SELL', quantity, { limitPrice: target, ocaGroup });
  }
}

for (const entry of ENTRIES) {
  for (const exits of EXITS) {
    test(`[TRD-3] [TRD-4] shares are armed in time: cancel ${entry}, exits ${exits}`, () => {
      const run = new Run(entry, exits);
      run.play();
      expect(run.broker.net()).toBeGreaterThan(0);
      expect(run.longestUnarmedMs).toBeLessThanOrEqual(UNARMED_MAX_MS);
      expect(run.broker.armed()).toBe(run.broker.net());
    });
  }
}
