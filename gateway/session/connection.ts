/**
 * One TCP connection: bytes in as frames, messages out within a bound. A peer that never reads, sends
 * garbage or goes over a limit loses its own connection and disturbs nobody else.
 */
import type { Socket } from 'node:net';
import { FrameReader, encodeFrame } from '../protocol/frames.js';

/** Unsent bytes of a client that doesn't read: two hundred seconds of a busy stream, then it goes. */
export const WRITE_BUFFER_BYTES_MAX = 8 << 20;
/** Above this, ticks to this client are merged until it has read (newest price counts). */
const CONGESTED_BYTES = 256 << 10;
/** What a held connection (a stall) may pile up before its socket is no longer read. */
const HELD_BYTES_MAX = 4 << 20;
/** Dead peers are found by probes after this silence. */
const KEEP_ALIVE_MS = 30_000;

export interface ConnectionEvents {
  /** Each frame's body, in order. */
  onFrame(body: Buffer): void;
  /** Once, when the connection is gone for whatever reason. */
  onClosed(reason: string): void;
}

export class Connection {
  private readonly frames = new FrameReader({ greeting: true });
  private readonly waitingIn: Buffer[] = [];
  private readonly heldIn: Buffer[] = [];
  private readonly heldOut: Buffer[] = [];
  private heldInBytes = 0;
  private heldOutBytes = 0;
  private holding = false;
  private draining = false;
  private corked = false;
  private over = false;

  constructor(
    private readonly socket: Socket,
    private readonly events: ConnectionEvents,
  ) {
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.on('data', (chunk) => this.receive(chunk));
    socket.on('error', (error) => this.close(`socket error: ${error.message}`));
    socket.on('end', () => this.close('closed by the client'));
    socket.on('close', () => this.close('closed by the client'));
  }

  /** While held, what is sent waits in this process. */
  get held(): boolean {
    return this.holding;
  }

  get closed(): boolean {
    return this.over;
  }

  /** Whether so much is unsent that updates should be merged rather than queued. */
  get congested(): boolean {
    return this.socket.writableLength + this.heldOutBytes > CONGESTED_BYTES;
  }

  /** Sends one message; silently nothing once closed. */
  send(fields: readonly string[]): void {
    if (this.over) return;
    const frame = encodeFrame(fields);
    if (this.holding) {
      this.heldOut.push(frame);
      this.heldOutBytes += frame.length;
    } else {
      this.write(frame);
    }
    const unsent = this.socket.writableLength + this.heldOutBytes;
    if (unsent > WRITE_BUFFER_BYTES_MAX) {
      this.close(`the client did not read: ${unsent} bytes waited`);
    }
  }

  /** Bytes of one turn go out in one packet: a quote or an order makes several messages. */
  private write(frame: Buffer): void {
    if (!this.corked) {
      this.corked = true;
      this.socket.cork();
      process.nextTick(() => {
        this.corked = false;
        this.socket.uncork();
      });
    }
    this.socket.write(frame);
  }

  /** Reads on, but handles and sends nothing until `release`. */
  hold(): void {
    this.holding = true;
  }

  /** Handles what came in meanwhile and sends what was to go out. */
  release(): void {
    if (!this.holding) return;
    this.holding = false;
    for (const frame of this.heldOut.splice(0)) if (!this.over) this.write(frame);
    this.heldOutBytes = 0;
    const chunks = this.heldIn.splice(0);
    this.heldInBytes = 0;
    this.socket.resume();
    for (const chunk of chunks) this.receive(chunk);
  }

  /** Stops or goes on handling frames (pacing); what arrives meanwhile waits in the kernel. */
  pause(): void {
    this.draining = true;
    this.socket.pause();
  }

  /** Goes on after `pause`, with the frames that had been read already first. */
  resume(): void {
    if (!this.draining) return;
    this.draining = false;
    this.handleWaiting();
    if (!this.draining && !this.over) this.socket.resume();
  }

  /** Sends what was written so far, then closes. */
  end(reason: string): void {
    if (this.over) return;
    if (this.corked) this.socket.uncork();
    this.socket.end();
    // A peer that never closes its side must not keep the socket.
    this.socket.destroySoon();
    this.finish(reason);
  }

  /** Closes at once; unsent bytes are lost. */
  close(reason: string): void {
    if (this.over) return;
    this.socket.destroy();
    this.finish(reason);
  }

  private finish(reason: string): void {
    this.over = true;
    this.heldIn.length = 0;
    this.heldOut.length = 0;
    this.waitingIn.length = 0;
    this.events.onClosed(reason);
  }

  private receive(chunk: Buffer): void {
    if (this.over) return;
    if (this.holding) {
      this.heldIn.push(chunk);
      this.heldInBytes += chunk.length;
      if (this.heldInBytes > HELD_BYTES_MAX) this.socket.pause();
      return;
    }
    try {
      this.waitingIn.push(...this.frames.push(chunk));
    } catch (error) {
      this.close(error instanceof Error ? error.message : String(error));
      return;
    }
    if (!this.draining) this.handleWaiting();
  }

  private handleWaiting(): void {
    while (!this.over && !this.draining && !this.holding) {
      const body = this.waitingIn.shift();
      if (!body) return;
      this.events.onFrame(body);
    }
  }
}
