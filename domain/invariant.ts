/**
 * States what the code relies on, so that a mistake stops here and not in an order.
 * @throws Error when it doesn't hold
 */
export function invariant(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`broken invariant: ${what}`);
}
