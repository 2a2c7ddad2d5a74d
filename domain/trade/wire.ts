/** From a claimed group to what the broker port writes: a bracket only as it was approved (RSK-3). */
import type { BracketToSend, OrderToSend, WireGroup, WireMessage } from '../broker/group.js';
import { canonical } from '../canonical.js';
import { approve, type Approved } from '../risk/approved.js';
import type { SendGroup, SendMessage } from '../sending/group.js';
import { bracketLegs } from './bracket.js';
import { legOf, type Book } from './book.js';

/**
 * The group as the port takes it.
 * @throws Error when a bracket is not what was approved: nothing may be written then
 */
export function wireGroupOf(book: Book, group: SendGroup): WireGroup {
  if (group.kind === 'protective') {
    return { cancelsFirst: [], bracket: null, messages: group.messages.map(wireMessage) };
  }
  const cancels = group.messages.filter((message) => message.kind === 'cancel');
  const orders = group.messages.flatMap((message) => (message.kind === 'place' ? [message] : []));
  const [entry, ...exits] = orders.map(({ order }) => order);
  if (!entry) throw new Error(`group ${group.key} has no entry`);
  return {
    cancelsFirst: cancels.map(({ sessionOrderId }) => sessionOrderId),
    bracket: approvedBracket(book, orders, { entry, exits }),
    messages: [],
  };
}

function wireMessage(message: SendMessage): WireMessage {
  if (message.kind === 'cancel') return { kind: 'cancel', sessionOrderId: message.sessionOrderId };
  return { kind: message.kind, order: message.order };
}

/** Compares every order with the plan that the decision recorded, term by term. */
function approvedBracket(
  book: Book,
  messages: readonly { readonly legId: string; readonly order: OrderToSend }[],
  bracket: BracketToSend,
): Approved<BracketToSend> {
  const { decided, plan } = book;
  if (decided === null || plan === null) throw new Error(`trade ${book.id} has no plan in force`);
  const group = bracket.exits[0]?.terms.ocaGroup ?? '';
  const approved = bracketLegs(plan, group);
  const isAsApproved =
    approved.length === messages.length &&
    approved.every(({ role, terms }) =>
      messages.some(
        ({ legId, order }) =>
          legOf(book, legId).role === role && canonical(order.terms) === canonical(terms),
      ),
    );
  if (!isAsApproved) throw new Error(`the bracket of trade ${book.id} is not what was approved`);
  return approve(bracket, decided);
}
