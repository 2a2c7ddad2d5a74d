/**
 * Watches the lengths of incoming frames before the client library sees them: a negative or zero
 * length would send its read loop round for ever, and with it the whole process.
 */

/** The longest message of the protocol: IBKR's own clients hang up beyond it. */
const MAX_FRAME_BYTES = 0xffffff;
const HEADER_BYTES = 4;

export class FrameCheck {
  private headerBytes = 0;
  private length = 0;
  private bodyBytesLeft = 0;

  /**
   * Takes the next bytes of the stream.
   * @throws Error when a frame announces an impossible length: the stream can't be trusted any more.
   */
  feed(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.bodyBytesLeft > 0) {
        const taken = Math.min(this.bodyBytesLeft, chunk.length - at);
        this.bodyBytesLeft -= taken;
        at += taken;
        continue;
      }
      this.length = this.length * 256 + (chunk[at] ?? 0);
      at += 1;
      this.headerBytes += 1;
      if (this.headerBytes === HEADER_BYTES) this.startBody();
    }
  }

  private startBody(): void {
    if (this.length < 1 || this.length > MAX_FRAME_BYTES) {
      throw new Error(
        `the gateway announced a frame of ${this.length} bytes: not the TWS protocol`,
      );
    }
    this.bodyBytesLeft = this.length;
    this.headerBytes = 0;
    this.length = 0;
  }
}
