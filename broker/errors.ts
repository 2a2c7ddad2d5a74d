/** How a call to the broker can fail; what a caller may do next hangs on telling these apart. */

/** `invalid`: an order that can't be expressed; trying again won't help. */
export type NotSentReason =
  'not_ready' | 'too_late' | 'guard' | 'queue_full' | 'closed' | 'invalid';

/** Nothing left this system; `reason` says why. */
export class NotSentError extends Error {
  override readonly name = 'NotSentError';
  constructor(
    readonly reason: NotSentReason,
    message: string,
  ) {
    super(message);
  }
}

/** Some or all of the group may have reached the broker. */
export class UnknownOutcomeError extends Error {
  override readonly name = 'UnknownOutcomeError';
}

/** A question without an answer in time, or cut off by a lost connection: asking again is safe. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

/** The broker answered a request with an error of its own. */
export class BrokerRequestError extends Error {
  override readonly name = 'BrokerRequestError';
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** The broker knows no such contract, or several of that name. */
export class UnknownContractError extends Error {
  override readonly name = 'UnknownContractError';
}
