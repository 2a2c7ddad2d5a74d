/** A client that writes the wire's bytes itself, so that a test sees exactly what goes back and forth. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';

const WAIT_MS = 20_000;
const FREE_POLL_MS = 100;
/** Messages that a failure shows. */
const SHOWN_MAX = 20;

/** A frame of fields, built here and not by the gateway's own code. */
export function frameOf(fields: readonly (string | number)[]): Buffer {
  const body = Buffer.from(fields.map((field) => `${field}\0`).join(''), 'utf8');
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}

/** `API`, NUL, and the version offer as a frame without a final NUL, as clients send it. */
export function greetingOf(offer: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(Buffer.byteLength(offer));
  return Buffer.concat([Buffer.from('API\0'), length, Buffer.from(offer)]);
}

export class RawClient {
  readonly messages: string[][] = [];
  closed = false;
  private buffer = Buffer.alloc(0);
  private readonly waiters = new Set<() => void>();

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk) => this.receive(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.closed = true;
      this.wake();
    });
  }

  static async open(port: number): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1');
    const client = new RawClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return client;
  }

  /** Connects as far as startApi; `messages` then begins with the version reply. */
  static async start(port: number, clientId: number, offer = 'v100..193'): Promise<RawClient> {
    const client = await RawClient.open(port);
    client.socket.write(greetingOf(offer));
    await client.waitFor((fields) => fields.length === 2);
    client.send(71, 2, clientId, '');
    await client.waitFor((fields) => fields[0] === '9');
    return client;
  }

  /** Connects with an id that the gateway has yet to free: it refuses (326) until it has given up who holds it. */
  static async startOnceFree(port: number, clientId: number): Promise<RawClient> {
    const deadlineMs = Date.now() + WAIT_MS;
    for (;;) {
      try {
        return await RawClient.start(port, clientId);
      } catch (error) {
        const isHeld = error instanceof Error && error.message.includes(',326,');
        if (!isHeld || Date.now() > deadlineMs) throw error;
        await new Promise((resolve) => setTimeout(resolve, FREE_POLL_MS));
      }
    }
  }

  send(...fields: (string | number)[]): void {
    this.socket.write(frameOf(fields));
  }

  /** The first message, from `from` on, that fits; waits for it. */
  async waitFor(fits: (fields: string[]) => boolean, from = 0): Promise<string[]> {
    const deadlineMs = Date.now() + WAIT_MS;
    let at = from;
    for (;;) {
      for (; at < this.messages.length; at += 1) {
        const message = this.messages[at]!;
        if (fits(message)) return message;
      }
      if (this.closed || Date.now() > deadlineMs) {
        const last = this.messages.slice(-SHOWN_MAX);
        const seen = last.map((fields) => fields.slice(0, 6).join(',')).join(' | ');
        throw new Error(`no such message (closed: ${this.closed}); seen last: ${seen}`);
      }
      await this.next(deadlineMs - Date.now());
    }
  }

  async waitForClose(): Promise<void> {
    const deadlineMs = Date.now() + WAIT_MS;
    while (!this.closed) {
      if (Date.now() > deadlineMs) throw new Error('the connection stayed open');
      await this.next(deadlineMs - Date.now());
    }
  }

  /** Messages with this id so far. */
  of(id: number): string[][] {
    return this.messages.filter((fields) => fields[0] === String(id));
  }

  destroy(): void {
    this.socket.destroy();
  }

  private next(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.waiters.delete(done);
        resolve();
      };
      const timer = setTimeout(done, Math.max(1, timeoutMs));
      this.waiters.add(done);
    });
  }

  private wake(): void {
    for (const waiter of [...this.waiters]) waiter();
  }

  private receive(chunk: Buffer): void {
    this.buffer = Buffer.concat([this.buffer, chunk]);
    while (this.buffer.length >= 4) {
      const end = 4 + this.buffer.readInt32BE(0);
      if (this.buffer.length < end) break;
      const fields = this.buffer.subarray(4, end).toString('utf8').split('\0');
      fields.pop();
      this.messages.push(fields);
      this.buffer = this.buffer.subarray(end);
    }
    this.wake();
  }
}
