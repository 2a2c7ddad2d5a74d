/** Asking for the next protective steps in few words: a long of 100, stop 95, target 110. */
import type { TradeLeg } from '../../../domain/trade/leg.js';
import { planProtection, type ProtectionInput } from '../../../domain/trade/protection.js';
import type { Quote } from '../../../domain/vocabulary.js';
import { leg } from './legs.js';

export const NOW_MS = 1_000_000;
export const LIVE_QUOTE: Quote = {
  bid: '99.99',
  ask: '100.01',
  bidSize: '1',
  askSize: '1',
  atMs: NOW_MS,
  kind: 'live',
  halted: false,
};
const BASE: ProtectionInput = {
  nowMs: NOW_MS,
  side: 'BUY',
  legs: [],
  stopPrice: '95',
  targetPrice: '110',
  closeRequested: false,
  cancelEntryRequested: false,
  brokerNet: '100',
  quote: LIVE_QUOTE,
  priceIncrement: '0.01',
  unarmedSinceMs: null,
  lastExitFillMs: null,
  link: null,
};
export const plan = (legs: readonly TradeLeg[], change: Partial<ProtectionInput> = {}) =>
  planProtection({ ...BASE, legs, ...change });
/** Actions in short: `cancel STOP-1 quantity`, `modify STOP-1 40 @95 quantity`, `place 100 95/110 new`. */
export const short = (legs: readonly TradeLeg[], change: Partial<ProtectionInput> = {}) =>
  plan(legs, change).actions.map((action) => {
    switch (action.kind) {
      case 'cancel':
        return `cancel ${action.legId} ${action.cause}`;
      case 'modify':
        return `modify ${action.legId} ${action.quantity} @${action.stopPrice ?? action.limitPrice} ${action.cause}`;
      case 'place_exits':
        return `place ${action.quantity} ${action.stopPrice}/${action.targetPrice} ${action.ocaGroup ?? 'new'}`;
      case 'market_close':
        return `${action.side} ${action.quantity} ${action.cause}${inGroup(action.ocaGroup)}`;
      case 'cancel_id':
        return `cancel id ${action.sessionOrderId} ${action.cause}`;
    }
  });

const inGroup = (group: string | null) => (group === null ? '' : ` in ${group}`);

/** A leg that the broker refused or ended. */
export const lost = (
  role: 'STOP' | 'TARGET' | 'CLOSE',
  sequence = 1,
  status: TradeLeg['status'] = 'REJECTED',
) => leg(role, { status, sequence });

export const CLOSE = { closeRequested: true };
