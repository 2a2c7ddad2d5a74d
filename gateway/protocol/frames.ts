/**
 * Framing: a message is a 4-byte big-endian length and that many bytes, which are NUL-terminated
 * UTF-8 fields. The greeting alone is preceded by `API` and a NUL.
 */

/** The protocol's own bound, as the clients have it. */
export const FRAME_BYTES_MAX = 0xffffff;
/** What a client may send in one frame: the longest request (an order) has about 1 kB of fields. */
export const CLIENT_FRAME_BYTES_MAX = 1 << 20;
/** `v100..193` and connect options. */
export const GREETING_BYTES_MAX = 1024;
const LENGTH_BYTES = 4;
const GREETING = Buffer.from('API\0', 'latin1');

/** The peer does not speak this protocol, or goes over a bound; its socket is to be closed. */
export class FramingError extends Error {
  override readonly name = 'FramingError';
}

/** Fields as one frame. @throws RangeError when a field holds a NUL or the frame gets too long. */
export function encodeFrame(fields: readonly string[]): Buffer {
  for (const field of fields) {
    if (field.includes('\0')) throw new RangeError(`NUL in field ${JSON.stringify(field)}`);
  }
  const body = Buffer.from(`${fields.join('\0')}\0`, 'utf8');
  if (body.length > FRAME_BYTES_MAX) throw new RangeError(`frame of ${body.length} bytes`);
  const frame = Buffer.allocUnsafe(LENGTH_BYTES + body.length);
  frame.writeUInt32BE(body.length, 0);
  body.copy(frame, LENGTH_BYTES);
  return frame;
}

/** The fields of a frame's body; a last field that lacks its NUL counts too. */
export function decodeBody(body: Buffer): string[] {
  const fields = body.toString('utf8').split('\0');
  if (fields.at(-1) === '') fields.pop();
  return fields;
}

/** Cuts a byte stream into frames, with a bound on what an unfinished one may hold. */
export class FrameReader {
  private chunks: Buffer[] = [];
  private buffered = 0;
  /** Bytes without which nothing new can be told: keeps a dripping sender from costing copies. */
  private needed = 1;
  private greeted: boolean;

  /** `greeting`: the stream begins with `API` and a NUL, whose frame is the first one given. */
  constructor({ greeting }: { greeting: boolean }) {
    this.greeted = !greeting;
  }

  /**
   * Takes bytes as they arrive and returns the bodies of the frames they complete.
   * @throws FramingError when the bytes can't be this protocol.
   */
  push(chunk: Buffer): Buffer[] {
    this.chunks.push(chunk);
    this.buffered += chunk.length;
    const bodies: Buffer[] = [];
    for (let body = this.next(); body; body = this.next()) bodies.push(body);
    return bodies;
  }

  private next(): Buffer | undefined {
    const skip = this.greeted ? 0 : GREETING.length;
    if (this.buffered < this.needed) return undefined;
    if (!this.greeted) this.checkGreeting();
    if (this.buffered < skip + LENGTH_BYTES) return undefined;
    const length = this.flat().readUInt32BE(skip);
    const limit = this.greeted ? CLIENT_FRAME_BYTES_MAX : GREETING_BYTES_MAX;
    if (length === 0 || length > limit) throw new FramingError(`frame length ${length}`);
    const end = skip + LENGTH_BYTES + length;
    this.needed = end;
    if (this.buffered < end) return undefined;
    const bytes = this.flat();
    this.greeted = true;
    this.chunks = end < bytes.length ? [bytes.subarray(end)] : [];
    this.buffered -= end;
    this.needed = LENGTH_BYTES;
    return bytes.subarray(skip + LENGTH_BYTES, end);
  }

  private checkGreeting(): void {
    const seen = this.flat().subarray(0, GREETING.length);
    if (seen.equals(GREETING.subarray(0, seen.length))) return;
    throw new FramingError('the connection does not begin with API and a NUL');
  }

  /** One buffer of all that waits; joined only when a frame may be complete or begins. */
  private flat(): Buffer {
    if (this.chunks.length > 1) this.chunks = [Buffer.concat(this.chunks)];
    return this.chunks[0] ?? Buffer.alloc(0);
  }
}
