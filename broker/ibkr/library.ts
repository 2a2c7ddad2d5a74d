/**
 * One `IBApi` object for one connection, fenced in:
 *  - what throws out of its socket handler (it parses a reject text as JSON) costs one message, not
 *    the process;
 *  - garbage lengths end the connection instead of the event loop;
 *  - its own limiter and its buffer of commands never hold a message back: a write is a write.
 * It reaches into the pinned version's insides for that; `insidesOf` says so when they change.
 */
import { EventName, IBApi } from '@stoqey/ib';
import type { Socket } from 'node:net';
import { NotSentError, UnknownOutcomeError } from '../port.js';
import { FrameCheck } from './frame-check.js';

/** Far above our own pacing, so that the library's limiter always writes in the same tick. */
const LIBRARY_MESSAGES_PER_SECOND = 10_000;

interface Insides {
  processIngressQueue(): void;
  readonly decoder: { drainQueue(): void };
  readonly socket: { onData(data: Buffer): void; readonly client?: Socket };
}

/** Hands messages over; what it handed over before a `flush` has left this process. */
export type Write = (api: IBApi, flush: () => void) => void;

export interface LibraryFaults {
  /** One message was lost; the connection goes on, what it said must be asked for. */
  onMessageLost(reason: string): void;
  /** The stream can't be trusted: tear the connection down. */
  onBroken(reason: string): void;
}

function insidesOf(api: IBApi): Insides {
  const { controller } = api as unknown as { controller?: Partial<Insides> };
  const fits =
    typeof controller?.processIngressQueue === 'function' &&
    typeof controller.decoder?.drainQueue === 'function' &&
    typeof controller.socket?.onData === 'function';
  if (!fits) {
    throw new Error('@stoqey/ib is not the version this adapter was written for: install 1.6.10');
  }
  return controller as Insides;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export class Library {
  readonly api: IBApi;
  private readonly insides: Insides;
  private writtenMessages = 0;

  constructor(
    address: { host: string; port: number; clientId: number },
    private readonly faults: LibraryFaults,
  ) {
    this.api = new IBApi({ ...address, maxReqPerSec: LIBRARY_MESSAGES_PER_SECOND });
    this.insides = insidesOf(this.api);
    this.contain();
    // Without this an order may wait 40 ms for the acknowledgement of an earlier packet.
    this.api.on(EventName.connected, () => this.insides.socket.client?.setNoDelay(true));
    this.api.on(EventName.sent, () => {
      this.writtenMessages += 1;
    });
  }

  connect(): void {
    this.api.connect();
  }

  /**
   * Writes a group of messages in this tick, in one go where the system takes it.
   * @throws NotSentError when nothing left; UnknownOutcomeError when a part or all of it may have.
   */
  write(messages: number, write: Write): void {
    const socket = this.insides.socket.client;
    if (!this.api.isConnected || !socket || socket.destroyed || !socket.writable) {
      throw new NotSentError('closed', 'the socket to the gateway is closed: nothing was written');
    }
    const before = this.writtenMessages;
    let failure: string | null = null;
    const flush = () => {
      socket.uncork();
      socket.cork();
    };
    socket.cork();
    try {
      write(this.api, flush);
    } catch (error) {
      failure = reasonOf(error);
    } finally {
      socket.uncork();
    }
    const written = this.writtenMessages - before;
    if (written === messages && failure === null) return;
    const told = `${written} of ${messages} messages were written${failure ? `: ${failure}` : ''}`;
    this.faults.onBroken(told); // what the library kept back must die with it
    if (written === 0) throw new NotSentError('closed', told);
    throw new UnknownOutcomeError(`${told}; look the orders up before anything is repeated`);
  }

  /** Ends the connection for good; no callback comes after it. */
  destroy(): void {
    this.api.removeAllListeners();
    this.insides.socket.client?.destroy();
    if (this.api.isConnected) this.api.disconnect();
  }

  private contain(): void {
    const { insides, faults } = this;
    const frames = new FrameCheck();
    const processIngressQueue = insides.processIngressQueue.bind(insides);
    insides.processIngressQueue = () => {
      try {
        processIngressQueue();
      } catch (error) {
        insides.decoder.drainQueue();
        faults.onMessageLost(reasonOf(error));
      }
    };
    const onData = insides.socket.onData.bind(insides.socket);
    insides.socket.onData = (data) => {
      try {
        frames.feed(data);
        onData(data);
      } catch (error) {
        faults.onBroken(reasonOf(error));
      }
    };
  }
}
