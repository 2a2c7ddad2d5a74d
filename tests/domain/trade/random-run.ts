/** Random lives of a book, for properties: claims, verdicts, facts and wishes in any order. */
import { expect } from '@jest/globals';
import type { BrokerFact } from '../../../domain/broker/fact.js';
import type { OrderToSend } from '../../../domain/broker/group.js';
import { text } from '../../../domain/money.js';
import type { WriteRef } from '../../../domain/sending/group.js';
import { judgePicture } from '../../../domain/sending/picture.js';
import type { Book, Change } from '../../../domain/trade/book.js';
import { claimActions, idsNeeded } from '../../../domain/trade/claim-actions.js';
import { claimEntry, type Claimed } from '../../../domain/trade/claim.js';
import { verify } from '../../../domain/trade/exits.js';
import { applyFact } from '../../../domain/trade/fact.js';
import { finish } from '../../../domain/trade/finish.js';
import { heldQuantity } from '../../../domain/trade/exposure.js';
import { needsOf, NOTHING_KNOWN } from '../../../domain/trade/needs.js';
import {
  absent,
  notWritten,
  refused,
  unanswered,
  vanished,
} from '../../../domain/trade/outcome.js';
import { settle } from '../../../domain/trade/settle.js';
import { abandon, requestCancel, requestClose, withdraw } from '../../../domain/trade/wishes.js';
import type { OrderStatus } from '../../../domain/vocabulary.js';
import { picture, placedIn, plannedBook, report, sender, standpoint, T0 } from './books.js';

const STATUSES: readonly OrderStatus[] = [
  'PENDING',
  'ACCEPTED',
  'HELD',
  'PARTIAL',
  'EXECUTED',
  'CANCEL_PENDING',
  'CANCELLED',
  'REJECTED',
  'EXPIRED',
];
const QUOTE = { bid: '99.99', ask: '100.01', bidSize: '9', askSize: '9', halted: false } as const;

/** A trade of 100 shares to which anything happens that could, in any order. */
export class RandomRun {
  book: Book = plannedBook();
  nowMs = T0;
  lastId = 0;
  private readonly orders: OrderToSend[] = [];
  private readonly writes: (readonly WriteRef[])[] = [];
  private readonly told: BrokerFact[] = [];
  private fills = 0;
  private names = 0;

  constructor(private readonly random: (below: number) => number) {}

  /** One thing happens, of all that could; gives the book of before. */
  step(): Book {
    this.nowMs += this.random(4_000);
    const before = this.book;
    const change = this.something();
    if (change !== null) this.book = finish(before, change, this.nowMs).book;
    return before;
  }

  private something(): Change | null {
    switch (this.random(16)) {
      case 0:
        return this.sent(claimEntry(this.book, this.ids(3), this.sender()));
      case 1:
      case 2:
        return this.protect();
      case 3:
        return this.verdict((refs) => notWritten(this.book, refs, 'no turn'));
      case 4:
        return this.verdict((refs) => unanswered(this.book, refs));
      case 5:
        return this.verdict((refs) => absent(this.book, refs));
      case 6:
        return this.verdict(([ref]) => refused(this.book, ref!, 201, 'no'));
      case 7:
        return this.verdict(([ref]) => vanished(this.book, ref!));
      case 8:
        return this.lookUp();
      case 9:
        return this.wish();
      case 10:
        return this.replan();
      case 11:
        return this.repeat();
      case 12:
        return this.error();
      case 13:
        return this.fill();
      default:
        return this.status();
    }
  }

  private sender() {
    return sender({ nowMs: this.nowMs });
  }

  private ids(count: number): number[] {
    const first = this.lastId + 1;
    this.lastId += count;
    return Array.from({ length: count }, (_, index) => first + index);
  }

  private sent(claimed: Claimed): Change | null {
    if (claimed.kind === 'refused') return null;
    this.orders.push(...placedIn(claimed.group));
    this.writes.push(claimed.group.messages.map(({ legId, n }) => ({ legId, n })));
    return claimed.change;
  }

  private protect(): Change | null {
    const quote = { ...QUOTE, atMs: this.nowMs, kind: 'live' } as const;
    const held = heldQuantity(this.book.legs, 'BUY');
    const world = { quote, brokerNet: text(held), priceIncrement: '0.01' };
    const { actions } = needsOf(this.book, { ...NOTHING_KNOWN, ...world }, this.nowMs);
    if (actions.length === 0) return verify(this.book);
    const names = {
      legId: () => `leg-${(this.names += 1)}`,
      clientOrderId: () => `own-${this.names}`,
    };
    const ids = this.ids(idsNeeded(actions));
    return this.sent(claimActions(this.book, actions, ids, this.sender(), names));
  }

  private verdict(make: (refs: readonly WriteRef[]) => Change): Change | null {
    const refs = this.writes[this.random(Math.max(1, this.writes.length))];
    return refs ? make(refs) : null;
  }

  private lookUp(): Change {
    const startedAtMs = this.nowMs;
    const orders = this.orders.filter(() => this.random(3) > 0).map((order) => report(order));
    const quantity = text(heldQuantity(this.book.legs, 'BUY'));
    const own = { account: 'DU1', brokerContractId: 7, quantity };
    const positions = [{ ...own, symbol: 'AAA', securityType: 'STK', averageCost: '1' }];
    const seen = picture({ startedAtMs, endedAtMs: startedAtMs, orders, positions });
    return judgePicture(this.book, seen, standpoint({ nowMs: this.nowMs, expected: own }));
  }

  private wish(): Change {
    const wishes = [
      () => requestClose(this.book, 'manual'),
      () => requestCancel(this.book),
      () => withdraw(this.book, 'late'),
      () => abandon(this.book, 'late'),
      () => settle(this.book, this.nowMs),
    ];
    return wishes[this.random(wishes.length)]!();
  }

  private replan(): Change | null {
    const { book } = this;
    if (book.decided !== null || book.beforeEntry !== 'RECEIVED') return null;
    if (book.legs.some(({ intent }) => intent !== 'NEW')) return null;
    const decided = { decisionId: 'again', verdict: 'approved', decidedAtMs: T0 } as const;
    const reservation = { ...book.reservation!, phase: 'CASH' as const };
    return { book: { ...book, decided, reservation }, events: [] };
  }

  private anyOrder(): OrderToSend | undefined {
    return this.orders[this.random(Math.max(1, this.orders.length))];
  }

  private tell(fact: BrokerFact): Change {
    this.told.push(fact);
    return applyFact(this.book, fact);
  }

  private status(): Change | null {
    const order = this.anyOrder();
    if (!order) return null;
    const status = STATUSES[this.random(STATUSES.length)]!;
    const whyHeld = status === 'HELD' ? 'child' : '';
    const listed = this.random(2) === 0;
    const told = report(order, { status, whyHeld });
    return this.tell({ kind: 'order', report: told, receivedAtMs: this.nowMs, listed });
  }

  private fill(): Change | null {
    const order = this.anyOrder();
    if (!order) return null;
    this.fills += 1;
    const key = `x${this.fills}`;
    const { clientOrderId, sessionOrderId, terms } = order;
    const told = {
      ...{ executionId: `${key}.01`, executionKey: key, correction: 1, clientOrderId },
      ...{ brokerOrderId: null, sessionOrderId, sessionClientId: 17, account: 'DU1' },
      ...{ symbol: 'AAA', brokerContractId: 7, side: terms.side, price: '100' },
      ...{ quantity: String(1 + this.random(60)), executedAtMs: this.nowMs },
    };
    return this.tell({ kind: 'execution', report: told, receivedAtMs: this.nowMs });
  }

  private error(): Change | null {
    const order = this.anyOrder();
    if (!order) return null;
    const { clientOrderId, sessionOrderId } = order;
    const about = (['order', 'cancel', 'modification', 'write'] as const)[this.random(4)]!;
    const error = { clientOrderId, sessionOrderId, code: 201, message: 'no', about } as const;
    return this.tell({
      kind: 'order_error',
      error: { ...error, errorClass: 'rejection' },
      receivedAtMs: this.nowMs,
    });
  }

  /** An execution told again, whenever: nothing changes (invariant 6). */
  private repeat(): Change | null {
    const told = this.told.filter(({ kind }) => kind === 'execution');
    const fact = told[this.random(Math.max(1, told.length))];
    if (!fact) return null;
    expect(applyFact(this.book, fact).book).toBe(this.book);
    return null;
  }
}
