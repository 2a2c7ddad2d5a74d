/**
 * An entry that went alone, under any order of events: the exits together never sell more than is held, and at rest
 * the stop covers all of it (invariants 1, 2 and 8 of protection.ts).
 */
import { expect, test } from '@jest/globals';
import { deriveTrade } from '../../../domain/trade/derive.js';
import { planProtection, type ProtectionInput } from '../../../domain/trade/protection.js';
import type { ProtectiveAction } from '../../../domain/trade/actions.js';
import { CLOSE_ATTEMPTS_MAX } from '../../../domain/trade/protect-close.js';
import { randomFrom, ToyBroker } from './toy-broker.js';

const SEEDS = Number(process.env['PROTECTION_SEEDS'] ?? 50);
const STEPS_WILD = 60;
/** Far more rounds than any settling needs. */
const ROUNDS_MAX = 400;
const STOP = '95';

class Run {
  readonly random: (below: number) => number;
  readonly broker: ToyBroker;
  readonly wishes = { closeRequested: false, cancelEntryRequested: false };
  nowMs = 1_000_000;
  unarmedSinceMs: number | null = null;
  lastExitFillMs: number | null = null;

  constructor(
    readonly seed: number,
    refusals: number,
    entryCancel: 'taken' | 'refused',
  ) {
    this.random = randomFrom(seed);
    const switches = { children: 'scaled', parentCancel: 'keeps', cascade: false } as const;
    const more = { refusals, overfills: false, entryCancel };
    this.broker = new ToyBroker('BUY', { ...switches, ...more }, this.random);
    this.broker.send('ENTRY', 'BUY', 100, { ocaGroup: null });
  }

  input(): ProtectionInput {
    const sizes = { bidSize: '9', askSize: '9', halted: false, kind: 'live' } as const;
    return {
      ...{ nowMs: this.nowMs, side: 'BUY', legs: [...this.broker.legs.values()] },
      ...{ stopPrice: STOP, targetPrice: null, ...this.wishes },
      brokerNet: String(this.broker.net()),
      quote:
        this.seed % 3 === 0 ? null : { bid: '99.99', ask: '100.01', ...sizes, atMs: this.nowMs },
      ...{ priceIncrement: '0.01', unarmedSinceMs: this.unarmedSinceMs },
      lastExitFillMs: this.lastExitFillMs,
      link: { readySinceMs: this.nowMs, pictureAtMs: this.nowMs },
      alone: { endsAtMs: null },
    };
  }

  act(): readonly ProtectiveAction[] {
    const { actions, recheckAtMs } = planProtection(this.input());
    for (const action of actions) this.perform(action);
    if (actions.length === 0 && recheckAtMs !== null) {
      this.nowMs = Math.max(this.nowMs, recheckAtMs);
    }
    return actions;
  }

  private perform(action: ProtectiveAction): void {
    const { broker } = this;
    const live = [...broker.legs.values()].filter(
      ({ role, status }) =>
        role !== 'ENTRY' && !['EXECUTED', 'CANCELLED', 'REJECTED', 'FAILED'].includes(status),
    );
    switch (action.kind) {
      case 'cancel':
        return broker.cancel(action.legId);
      case 'modify':
        return broker.modify(action.legId, action.quantity, action.limitPrice, action.stopPrice);
      case 'place_exits':
        expect([this.seed, live, action.targetPrice]).toStrictEqual([this.seed, [], null]);
        broker.send('STOP', 'SELL', Number(action.quantity), { stopPrice: action.stopPrice });
        return;
      case 'market_close':
        expect([this.seed, live, action.ocaGroup]).toStrictEqual([this.seed, [], null]);
        broker.send('CLOSE', action.side, Number(action.quantity), {});
        return;
      default:
        throw new Error('the toy broker leaves nothing half sent');
    }
  }

  step(): void {
    const { broker, random } = this;
    this.nowMs += random(300);
    const choice = random(10);
    if (choice < 3 && broker.messages.length > 0) broker.deliverAny();
    else if (choice < 5) broker.commands.shift()?.();
    else if (choice < 6) this.fillEntry();
    else if (choice < 7) this.fillExit();
    else if (choice < 9) this.act();
    else this.wish(random(24));
    this.look();
  }

  private wish(which: number): void {
    if (which < 2) this.wishes.closeRequested = true;
    else if (which < 4) this.wishes.cancelEntryRequested = true;
  }

  private fillEntry(): void {
    const entry = this.broker.entry();
    if (entry && entry.state !== 'dead') {
      this.broker.fill(entry, 1 + this.random(this.broker.working(entry)));
    }
  }

  private fillExit(): void {
    const [exit] = this.broker.fillableExits();
    if (!exit) return;
    this.lastExitFillMs = this.nowMs;
    this.broker.fill(exit, 1 + this.random(this.broker.working(exit)));
  }

  look(): void {
    const { broker, seed } = this;
    const exits = broker.live().filter(({ role }) => role !== 'ENTRY');
    const most = exits.reduce((sum, exit) => sum + broker.working(exit), 0);
    expect([seed, most <= broker.net()]).toStrictEqual([seed, true]);
    const view = this.view();
    if (Number(view.heldQuantity) <= Number(view.armedQuantity)) this.unarmedSinceMs = null;
    else this.unarmedSinceMs ??= this.nowMs;
  }

  view() {
    return deriveTrade([...this.broker.legs.values()], {
      ...{ side: 'BUY', beforeEntry: 'RECEIVED', stopPrice: STOP, targetPrice: null },
      closeRequested: this.wishes.closeRequested ? 'manual' : null,
    });
  }

  settle(): void {
    const { broker } = this;
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      this.nowMs += 100;
      for (const command of broker.commands.splice(0)) command();
      while (broker.messages.length > 0) broker.deliverAny();
      broker.listOrders();
      this.look();
      for (const order of broker.live()) this.fillAtMarket(order.id);
      if (broker.commands.length + broker.messages.length > 0) continue;
      // An entry that no cancel ends is cancelled again and again: some day it fills.
      if (round % 10 === 9) this.fillEntry();
      const before = this.nowMs;
      if (this.act().length > 0 || this.nowMs !== before) continue;
      if (broker.entry()?.state !== 'working') return;
      this.fillEntry();
    }
    throw new Error(
      `seed ${this.seed} does not settle: ${JSON.stringify([...broker.legs.values()])}`,
    );
  }

  private fillAtMarket(id: string): void {
    const order = this.broker.orders.get(id)!;
    const isDue = order.role === 'CLOSE' || (order.role === 'STOP' && Number(order.stop) >= 99);
    if (isDue && order.state === 'working') this.broker.fill(order, this.broker.working(order));
  }
}

test.each([
  [0, 'taken'],
  [0, 'refused'],
  [2, 'taken'],
  [6, 'taken'],
] as const)(
  '[BRK-9] [TRD-3] an entry that went alone ends settled: %i refusals, its cancel %s',
  (refusals, entryCancel) => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const run = new Run(seed, refusals, entryCancel);
      for (let step = 0; step < STEPS_WILD; step += 1) run.step();
      run.settle();
      const { broker } = run;
      const live = broker.live().map((order) => [order.role, broker.working(order)]);
      const closes = [...broker.legs.values()].filter(({ role }) => role === 'CLOSE');
      const gaveUp =
        closes.filter(({ status }) => status === 'REJECTED').length >= CLOSE_ATTEMPTS_MAX;
      if (run.wishes.closeRequested && !gaveUp)
        expect([seed, broker.net()]).toStrictEqual([seed, 0]);
      const wanted = broker.net() === 0 ? [] : [['STOP', broker.net()]];
      expect([seed, live]).toStrictEqual([seed, wanted]);
    }
  },
);
