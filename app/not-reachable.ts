/** A part that is needed doesn't answer; the message says what to do. */
export class NotReachableError extends Error {
  override readonly name = 'NotReachableError';
}
