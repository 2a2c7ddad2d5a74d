/** Books for tests: a long of 100 shares, stop 95, target 110, planned and not yet sent. */
import type { OrderReport } from '../../../domain/broker/fact.js';
import type { Snapshot } from '../../../domain/broker/snapshot.js';
import type { OrderToSend } from '../../../domain/broker/group.js';
import { newLeg } from '../../../domain/orders/machine.js';
import type { BracketPlan } from '../../../domain/risk/plan.js';
import type { SendGroup, Sender, WriteRef } from '../../../domain/sending/group.js';
import { bracketLegs } from '../../../domain/trade/bracket.js';
import type { Book, Leg } from '../../../domain/trade/book.js';
import type { Claimed } from '../../../domain/trade/claim.js';
import { claimEntry } from '../../../domain/trade/claim.js';
import type { Standpoint } from '../../../domain/sending/picture.js';

export const T0 = 1_000_000;
export const CLIENT = 17;
export const ACCOUNT = 'DU1';
export const CONTRACT_ID = 7;

export const PLAN: BracketPlan = {
  side: 'BUY',
  quantity: '100',
  entry: {
    orderType: 'MKT',
    limitPrice: null,
    collared: false,
    timeInForce: 'DAY',
    goodTillMs: null,
    expiresAtMs: null,
  },
  stopPrice: '95',
  targetPrice: '110',
  trailing: null,
  referencePrice: '100',
  stopLossPct: null,
  takeProfitPct: null,
  approvedRisk: '500',
  reservation: { cash: '10000', exposure: '10000', openRisk: '500' },
  closeByMs: null,
};

/** A trade whose plan was approved a moment ago. */
export function plannedBook(change: Partial<BracketPlan> = {}): Book {
  const plan = { ...PLAN, ...change };
  return {
    id: '00000000-0000-0000-0000-000000000001',
    account: ACCOUNT,
    side: plan.side,
    symbol: 'AAA',
    instrument: {
      symbol: 'AAA',
      securityType: 'STK',
      exchange: 'SMART',
      currency: 'USD',
      brokerContractId: CONTRACT_ID,
    },
    decided: { decisionId: 'd1', verdict: 'approved', decidedAtMs: T0 },
    plan,
    beforeEntry: 'RECEIVED',
    exits: {
      stopPrice: plan.stopPrice,
      targetPrice: plan.targetPrice,
      reanchored: false,
      verified: false,
    },
    wishes: { close: null, cancelEntry: false, moves: { stop: null, target: null, trail: null } },
    legs: bracketLegs(plan, 'oca-1').map(({ role, terms }): Leg => ({
      ...newLeg({ legId: role, role, side: terms.side, quantity: terms.quantity }),
      clientOrderId: `ref-${role}`,
      sequence: 1,
      wanted: terms,
      readBack: null,
      brokerStatus: null,
      incarnations: [],
      acknowledgedAtMs: null,
    })),
    fills: [],
    reservation: {
      ...plan.reservation,
      phase: 'CASH',
      restingCash: plan.reservation.cash,
      filledAtMs: null,
    },
    unarmedSinceMs: null,
    openedAtMs: null,
    closedAtMs: null,
    failure: null,
    settledAtMs: null,
    result: null,
  };
}

/** Who sends, unless told otherwise: epoch 1, generation 1, at T0. */
export function sender(change: Partial<Sender> = {}): Sender {
  return {
    epoch: '1',
    generation: 1,
    sessionClientId: CLIENT,
    brokerDay: '2026-04-06',
    nowMs: T0,
    ...change,
  };
}

/** What a claim gave. @throws when it was refused */
export function granted(claimed: Claimed): { book: Book; group: SendGroup; refs: WriteRef[] } {
  if (claimed.kind === 'refused') throw new Error(`the claim was refused: ${claimed.reason}`);
  const { change, group } = claimed;
  return { book: change.book, group, refs: group.messages.map(({ legId, n }) => ({ legId, n })) };
}

/** The bracket claimed under ids 1, 2, 3 (entry, target, stop). */
export function claimedBook(book = plannedBook(), ids = [1, 2, 3], change: Partial<Sender> = {}) {
  return granted(claimEntry(book, ids, sender(change)));
}

/** What the broker would say of an order that it has. */
export function report(order: OrderToSend, change: Partial<OrderReport> = {}): OrderReport {
  return {
    clientOrderId: order.clientOrderId,
    brokerOrderId: `perm-${order.sessionOrderId}`,
    sessionOrderId: order.sessionOrderId,
    sessionClientId: CLIENT,
    account: ACCOUNT,
    symbol: 'AAA',
    brokerContractId: CONTRACT_ID,
    status: 'ACCEPTED',
    brokerStatus: 'Submitted',
    whyHeld: '',
    filledQuantity: '0',
    remainingQuantity: order.terms.quantity,
    averageFillPrice: null,
    terms: order.terms,
    parentSessionOrderId: null,
    ...change,
  };
}

/** The orders that a group places. */
export function placedIn(group: SendGroup): OrderToSend[] {
  return group.messages.flatMap((message) => (message.kind === 'place' ? [message.order] : []));
}

/** A complete, empty picture of generation 2, begun long after it. */
export function picture(change: Partial<Snapshot> = {}): Snapshot {
  return {
    generation: 2,
    generationSinceMs: T0 + 1_000,
    startedAtMs: T0 + 20_000,
    endedAtMs: T0 + 20_100,
    isComplete: true,
    orders: [],
    completed: [],
    executions: [],
    positions: [],
    ...change,
  };
}

/** The judge of a picture: another worker, whose books expect nothing to be held. */
export function standpoint(change: Partial<Standpoint> = {}): Standpoint {
  return {
    nowMs: T0 + 20_100,
    epoch: '2',
    writing: new Set(),
    answerTimeoutMs: 5_000,
    expected: { account: ACCOUNT, brokerContractId: CONTRACT_ID, quantity: '0' },
    isBlindTo: () => false,
    isInReset: () => false,
    ...change,
  };
}
