/** What all sessions share: the parts behind them, who is connected, and the server's settings. */
import type { Exchange, History, Listings, Market, Sessions } from '../exchange/api.js';
import type { FaultBook } from '../faults.js';
import type { ConnectionLimits } from './connection.js';
import { Outage } from './outage.js';
import type { Session } from './session.js';
import type { SessionObserver } from './observer.js';

export interface ServerOptions {
  exchange: Exchange;
  market: Market;
  listings: Listings;
  sessions: Sessions;
  /** Historical bars; without it every history request gets 162. */
  history?: History;
  faults: FaultBook;
  observer?: SessionObserver;
  /** Whether 50 messages a second are the limit (error 100); default on. */
  pacing?: 'on' | 'off';
  /** Highest version announced; default 193. */
  serverVersion?: number;
  /** False: the account has no live market data, so requests get 10168, or 10167 and delayed ticks. */
  liveData?: boolean;
  /** Client id that sees everyone's orders and fills (TWS's "master client id"); default none. */
  masterClientId?: number;
  /** How often account values are sent again when they changed; TWS: 3 minutes. */
  accountIntervalMs?: number;
  /** How long a connection may take until startApi; default 15 s. */
  handshakeMs?: number;
  /** When a client that does not read is given up; defaults: 64 MiB, 60 s. */
  limits?: ConnectionLimits;
  /** Where mistakes of this program itself are reported; default standard error. */
  onInternalError?: (error: unknown, where: string) => void;
}

/** Far longer than any client takes between its connection and startApi. */
const HANDSHAKE_MS = 15_000;
/** TWS sends account values every 3 minutes. */
const ACCOUNT_INTERVAL_MS = 180_000;

export class Hub {
  readonly exchange: Exchange;
  readonly market: Market;
  readonly listings: Listings;
  readonly calendar: Sessions;
  readonly history: History | undefined;
  readonly faults: FaultBook;
  readonly observer: SessionObserver;
  readonly paced: boolean;
  readonly liveData: boolean;
  readonly accountIntervalMs: number;
  readonly handshakeMs: number;
  readonly limits: ConnectionLimits;
  readonly outage = new Outage();
  private readonly masterClientId: number | undefined;
  private readonly byClientId = new Map<number, Session>();

  constructor(private readonly options: ServerOptions) {
    this.exchange = options.exchange;
    this.market = options.market;
    this.listings = options.listings;
    this.calendar = options.sessions;
    this.history = options.history;
    this.faults = options.faults;
    this.observer = options.observer ?? {};
    this.paced = options.pacing !== 'off';
    this.liveData = options.liveData !== false;
    this.masterClientId = options.masterClientId;
    this.accountIntervalMs = options.accountIntervalMs ?? ACCOUNT_INTERVAL_MS;
    this.handshakeMs = options.handshakeMs ?? HANDSHAKE_MS;
    this.limits = options.limits ?? {};
  }

  nowMs(): number {
    return Date.now();
  }

  all(): Iterable<Session> {
    return this.byClientId.values();
  }

  session(clientId: number): Session | undefined {
    return this.byClientId.get(clientId);
  }

  add(session: Session): void {
    this.byClientId.set(session.clientId, session);
  }

  /** Forgets a session; false when it was not (or no longer) the one of its client id. */
  remove(session: Session): boolean {
    if (this.byClientId.get(session.clientId) !== session) return false;
    return this.byClientId.delete(session.clientId);
  }

  /** Who is told of an order or fill of a client: that client, and the master. */
  listenersOf(clientId: number): Session[] {
    const listeners: Session[] = [];
    const owner = this.byClientId.get(clientId);
    if (owner) listeners.push(owner);
    if (this.masterClientId !== undefined && this.masterClientId !== clientId) {
      const master = this.byClientId.get(this.masterClientId);
      if (master) listeners.push(master);
    }
    return listeners;
  }

  /** Frames about an order were written to a client: the onlooker learns that it can know of it. */
  told(session: Session, permId: number): void {
    const { closed, held } = session.connection;
    if (!closed && !held) this.observer.onOrderTold?.(session.clientId, permId, this.nowMs());
  }

  /** A notice to everyone. */
  broadcast(code: number, message: string): void {
    for (const session of this.byClientId.values()) session.error(-1, code, message);
  }

  report(error: unknown, where: string): void {
    if (this.options.onInternalError) {
      this.options.onInternalError(error, where);
      return;
    }
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`gateway: ${where}: ${text}\n`);
  }
}
