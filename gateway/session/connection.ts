/**
 * One TCP connection: bytes in as frames, messages out within a bound. A peer that never reads, sends
 * garbage or goes over a limit loses its own connection and disturbs nobody else.
 */
import type { Socket } from 'node:net';
import { FrameReader, encodeFrame } from '../protocol/frames.js';

/** Unsent bytes before a client is given up: a listing of all of 40,000 orders fits. */
const UNSENT_BYTES_MAX = 64 << 20;
/** A client with so much unsent has to read before its next requests are handled. */
const UNSENT_BYTES_PAUSE = 1 << 20;
/** A client that has something to read and takes nothing of it for so long is given up. */
const UNREAD_MS = 60_000;
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

export interface ConnectionLimits {
  unsentBytesMax?: number;
  unreadMs?: number;
}

/** Why frames are not handled just now. */
type PauseReason = 'pace' | 'unsent';

export class Connection {
  private readonly frames = new FrameReader({ greeting: true });
  private readonly waitingIn: Buffer[] = [];
  private readonly heldIn: Buffer[] = [];
  private readonly heldOut: Buffer[] = [];
  private heldInBytes = 0;
  private heldOutBytes = 0;
  private holding = false;
  private readonly pauses = new Set<PauseReason>();
  private readonly unsentBytesMax: number;
  private readonly unreadMs: number;
  private unreadTimer: NodeJS.Timeout | undefined;
  private corked = false;
  private over = false;

  constructor(
    private readonly socket: Socket,
    private readonly events: ConnectionEvents,
    limits: ConnectionLimits = {},
  ) {
    this.unsentBytesMax = limits.unsentBytesMax ?? UNSENT_BYTES_MAX;
    this.unreadMs = limits.unreadMs ?? UNREAD_MS;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.on('data', (chunk) => this.receive(chunk));
    socket.on('drain', () => this.drained());
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
    return this.unsentBytes > CONGESTED_BYTES;
  }

  private get unsentBytes(): number {
    return this.socket.writableLength + this.heldOutBytes;
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
    const unsent = this.unsentBytes;
    if (unsent > this.unsentBytesMax) {
      this.close(`the client did not read: ${unsent} bytes waited`);
    } else if (unsent > CONGESTED_BYTES && !this.unreadTimer) {
      this.watchReading(this.takenBytes());
    }
  }

  /** Bytes that the client's side has taken so far. */
  private takenBytes(): number {
    return this.socket.bytesWritten - this.socket.writableLength;
  }

  private watchReading(takenBefore: number): void {
    this.unreadTimer = setTimeout(() => {
      this.unreadTimer = undefined;
      if (this.over || !this.congested) return;
      const taken = this.takenBytes();
      if (taken > takenBefore || this.holding) this.watchReading(taken);
      else this.close(`the client did not read for ${this.unreadMs} ms`);
    }, this.unreadMs).unref();
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
    if (this.pauses.size === 0) this.socket.resume();
    for (const chunk of chunks) this.receive(chunk);
  }

  /** Stops handling frames; what arrives meanwhile waits in the kernel. */
  pause(reason: PauseReason = 'pace'): void {
    this.pauses.add(reason);
    this.socket.pause();
  }

  /** Goes on after `pause`, with the frames that had been read already first. */
  resume(reason: PauseReason = 'pace'): void {
    if (!this.pauses.delete(reason) || this.pauses.size > 0) return;
    this.handleWaiting();
    if (this.pauses.size === 0 && !this.over) this.socket.resume();
  }

  private drained(): void {
    this.resume('unsent');
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
    clearTimeout(this.unreadTimer);
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
    this.handleWaiting();
  }

  private handleWaiting(): void {
    while (!this.over && this.pauses.size === 0 && !this.holding) {
      const body = this.waitingIn.shift();
      if (!body) return;
      this.events.onFrame(body);
      if (!this.over && this.unsentBytes > UNSENT_BYTES_PAUSE) this.pause('unsent');
    }
  }
}
