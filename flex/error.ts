/** A statement can't be read, or the service gives none: what happened, where, and what to do next. */
export class FlexError extends Error {
  override readonly name = 'FlexError';
  constructor(message: string) {
    // Words of a file may stand in it, and go to a terminal.
    super(message.replace(/[\p{Cc}\p{Cf}]/gu, ' '));
  }
}
