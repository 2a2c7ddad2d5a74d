/** The legs of an approved bracket, as order terms (TRD-2). Pure. */
import type { OrderTerms } from '../orders/terms.js';
import type { Trail } from '../risk/context.js';
import type { BracketPlan } from '../risk/plan.js';
import { opposite } from '../vocabulary.js';

export interface BracketLeg {
  readonly role: 'ENTRY' | 'STOP' | 'TARGET';
  readonly terms: OrderTerms;
}

/** Reduce with block: only one exit of the group can be at the exchange at a time. */
const OCA_REDUCE_WITH_BLOCK = 2;
/** Said explicitly, because the default differs by instrument and by the terminal's presets. */
const STOP_TRIGGER = 'last' as const;

/** Whether the entry is sent without its exits, which are placed by what it has filled, each in no group. */
export function goesAlone({ plan }: { readonly plan: BracketPlan | null }): boolean {
  return plan?.entry.goesAlone === true;
}

/** Entry first, then stop, then target if there is one; exits share one OCA group. An entry that goes alone has none. */
export function bracketLegs(plan: BracketPlan, ocaGroup: string): BracketLeg[] {
  if (goesAlone({ plan })) return [{ role: 'ENTRY', terms: entryTerms(plan) }];
  const legs: BracketLeg[] = [
    { role: 'ENTRY', terms: entryTerms(plan) },
    { role: 'STOP', terms: stopTerms(plan, ocaGroup) },
  ];
  if (plan.targetPrice !== null) {
    const exit = exitTerms(opposite(plan.side), plan.quantity, ocaGroup);
    legs.push({
      role: 'TARGET',
      terms: { ...exit, orderType: 'LMT', limitPrice: plan.targetPrice },
    });
  }
  return legs;
}

function entryTerms(plan: BracketPlan): OrderTerms {
  const { orderType, limitPrice, timeInForce, goodTillMs } = plan.entry;
  return {
    ...exitTerms(plan.side, plan.quantity, null),
    orderType,
    limitPrice,
    timeInForce,
    goodTillMs: timeInForce === 'GTD' ? goodTillMs : null,
  };
}

function stopTerms(plan: BracketPlan, ocaGroup: string): OrderTerms {
  const side = opposite(plan.side);
  const { quantity, stopPrice, trailing } = plan;
  return trailing === null
    ? stopExit(side, quantity, stopPrice, ocaGroup)
    : trailingExit(side, quantity, stopPrice, trailing, ocaGroup);
}

/** Terms of an exit that stands until it is cancelled; order type and prices are the caller's. */
export function exitTerms(
  side: OrderTerms['side'],
  quantity: string,
  ocaGroup: string | null,
): OrderTerms {
  return {
    side,
    orderType: 'MKT',
    quantity,
    limitPrice: null,
    stopPrice: null,
    trailAmount: null,
    trailFraction: null,
    timeInForce: 'GTC',
    goodTillMs: null,
    outsideRegularHours: false,
    ocaGroup,
    ocaType: ocaGroup === null ? null : OCA_REDUCE_WITH_BLOCK,
    triggerMethod: null,
  };
}

/** A stop order that stands on its own or joins a group, as repairs place it. */
export function stopExit(
  side: OrderTerms['side'],
  quantity: string,
  stopPrice: string,
  ocaGroup: string | null,
): OrderTerms {
  const exit = exitTerms(side, quantity, ocaGroup);
  return { ...exit, orderType: 'STP', stopPrice, triggerMethod: STOP_TRIGGER };
}

/** A trailing stop, whose price the broker moves from the one given. */
export function trailingExit(
  side: OrderTerms['side'],
  quantity: string,
  stopPrice: string,
  trail: Trail,
  ocaGroup: string | null,
): OrderTerms {
  const stop = { ...stopExit(side, quantity, stopPrice, ocaGroup), orderType: 'TRAIL' } as const;
  return 'amount' in trail
    ? { ...stop, trailAmount: trail.amount }
    : { ...stop, trailFraction: trail.fraction };
}

/** A limit order that takes profit. */
export function targetExit(
  side: OrderTerms['side'],
  quantity: string,
  limitPrice: string,
  ocaGroup: string | null,
): OrderTerms {
  return { ...exitTerms(side, quantity, ocaGroup), orderType: 'LMT', limitPrice };
}
