/**
 * The one connection and its states (BRK-1). Each attempt has a library object of its own, thrown away
 * with the socket: nothing that waited in it can reach the broker later.
 *
 *   down → connecting → handshake done ("up": may ask) → declared synced ("ready": may write)
 *   up or ready → servers lost (1100, 2110) → back (1101, 1102) → up, to be synced again
 *   any → torn down → back-off → connecting
 */
import { EventName } from '@stoqey/ib';
import type { IBApi } from '@stoqey/ib';
import { NotSentError } from '../port.js';
import type { ConnectionState } from '../port.js';
import type { EpochMs } from '../../domain/vocabulary.js';
import { ClockSkew } from './clock-skew.js';
import { DataFarms } from './data-farms.js';
import { KeepAlive } from './keep-alive.js';
import { Library } from './library.js';
import type { Settings } from './options.js';
import type { Session } from './session.js';

export interface ConnectionHooks {
  /** Registers listeners on a fresh library object, before it connects. */
  attach(api: IBApi): void;
  /** The socket stays, but the broker forgot what was subscribed. */
  onSubscriptionsLost(): void;
  /** The handshake is done: what was written before on another connection is settled. */
  onSession(): void;
  onDown(reason: string): void;
  onStateChange(state: ConnectionState): void;
  onNotice(code: number, message: string): void;
  /** Writes the question for the broker's time through the paced queue. */
  askTime(): Promise<unknown>;
}

const CLIENT_ID_IN_USE = 326;
const SERVERS_LOST: readonly number[] = [1100, 2110];
const SERVERS_BACK_WITHOUT_SUBSCRIPTIONS = 1101;
const SERVERS_BACK = 1102;
const PORT_CHANGED = 1300;
const COULD_NOT_CONNECT = 502;
const MESSAGE_UNREADABLE = 505;
const VERSION_NOT_SUPPORTED = 506;

/** Below it, this library version misreads completed orders. */
const OLDEST_GOOD_SERVER_VERSION = 177;

export class IbkrConnection {
  private library: Library | null = null;
  private opened = false;
  private handshakeDone = false;
  private synced = false;
  private brokerServers = false;
  /** Told before or after the handshake: a terminal may lose its servers before anybody connects. */
  private serversLost = false;
  private generation: number;
  private generationSinceMs: EpochMs | null = null;
  private accounts: readonly string[] = [];
  private nextValidId: number | null = null;
  private lastMessageAtMs: EpochMs | null = null;
  private reason = 'not opened yet';
  private attempts = 0;
  private retryTimer: NodeJS.Timeout | null = null;
  private phaseTimer: NodeJS.Timeout | null = null;
  private readonly farms = new DataFarms();
  private readonly skew = new ClockSkew();
  private readonly keepAlive: KeepAlive;

  constructor(
    private readonly settings: Settings,
    private readonly hooks: ConnectionHooks,
  ) {
    this.generation = settings.firstGeneration - 1;
    this.keepAlive = new KeepAlive({
      intervalMs: settings.limits.keepAliveMs,
      answerWithinMs: settings.limits.keepAliveAnswerMs,
      ask: () => hooks.askTime(),
      onSilence: () => this.tearDown('the gateway no longer answers: socket closed'),
    });
  }

  /** Starts connecting and keeps at it; a second call does nothing. */
  open(): void {
    if (this.opened) return;
    this.opened = true;
    this.connect();
  }

  close(): void {
    this.opened = false;
    if (this.retryTimer) clearTimeout(this.retryTimer);
    this.retryTimer = null;
    this.drop('closed by this system');
  }

  /**
   * The owner has read all lists in this generation.
   * @throws NotSentError `not_ready` when there is no connection to be in sync with, or when the lists
   * are of an older generation: what they say declares nothing.
   */
  declareSynced(generation: number): void {
    this.requireUp();
    if (!this.brokerServers) throw new NotSentError('not_ready', this.reason);
    if (generation !== this.generation) {
      const told = `the lists are of generation ${generation}, this is ${this.generation}: read them again`;
      throw new NotSentError('not_ready', told);
    }
    this.synced = true;
    this.changed('ready');
  }

  state(): ConnectionState {
    return {
      socket: this.library ? (this.handshakeDone ? 'up' : 'connecting') : 'down',
      brokerServers: this.brokerServers,
      dataFarms: this.handshakeDone && this.farms.allUp,
      ready: this.ready,
      generation: this.generation,
      generationSinceMs: this.generationSinceMs,
      reason: this.reason,
      accounts: this.accounts,
      nextValidId: this.nextValidId,
      lastMessageAtMs: this.lastMessageAtMs,
      clockSkewMs: this.skew.valueMs(),
    };
  }

  /** @throws NotSentError `not_ready` unless requests may be written. */
  requireUp(): Library {
    if (this.library && this.handshakeDone) return this.library;
    throw new NotSentError('not_ready', `not connected to the gateway: ${this.reason}`);
  }

  /** @throws NotSentError `not_ready` unless orders may be written. */
  requireReady(): Library {
    const library = this.requireUp();
    if (this.ready) return library;
    throw new NotSentError('not_ready', `connected, but not ready for orders: ${this.reason}`);
  }

  /**
   * The session of now, to be held against what it is later.
   * @throws NotSentError `not_ready` unless orders may be written.
   */
  session(): Session {
    const library = this.requireReady();
    const { generation, accounts } = this;
    return {
      library,
      generation,
      accounts,
      nextValidId: this.nextValidId ?? 1,
      requireCurrent: () => {
        if (this.requireReady() === library && this.generation === generation) return;
        throw new NotSentError('not_ready', 'not sent: the connection is another one by now');
      },
    };
  }

  private get ready(): boolean {
    return this.handshakeDone && this.synced && this.brokerServers;
  }

  private connect(): void {
    const { host, port, clientId } = this.settings;
    const library = new Library(
      { host, port, clientId },
      {
        onMessageLost: (reason) =>
          this.hooks.onNotice(MESSAGE_UNREADABLE, `a message could not be read: ${reason}`),
        onBroken: (reason) => this.tearDown(reason),
      },
    );
    this.library = library;
    this.listen(library.api);
    this.hooks.attach(library.api);
    this.inPhase(this.settings.limits.handshakeTimeoutMs, () =>
      this.tearDown(
        library.api.isConnected
          ? 'the gateway took the connection but never started the session: a login may be needed'
          : `no answer from ${host}:${port}`,
      ),
    );
    this.changed(this.attempts === 0 ? 'connecting' : `connecting again: ${this.reason}`);
    library.connect();
  }

  private listen(api: IBApi): void {
    // The library lets messages out only after it has told of the next id.
    const finishLater = (): void =>
      queueMicrotask(() => {
        if (this.library?.api === api) this.finishHandshake();
      });
    api.on(EventName.received, () => {
      this.lastMessageAtMs = this.settings.nowMs();
    });
    api.on(EventName.connected, () => {
      if (!(api.serverVersion >= OLDEST_GOOD_SERVER_VERSION)) {
        this.settings.logger.warn('the gateway is older than completed orders can be read from', {
          serverVersion: api.serverVersion,
        });
      }
    });
    api.on(EventName.managedAccounts, (list: string) => {
      this.accounts = list.split(',').filter((account) => account !== '');
      finishLater();
    });
    api.on(EventName.nextValidId, (id: number) => {
      this.nextValidId = id;
      finishLater();
    });
    api.on(EventName.info, (message: string, code: number) => this.takeNotice(code, message));
    api.on(EventName.error, (error: Error, code: number, id: number) => {
      if (id < 1) this.takeNotice(code, error.message);
    });
    api.on(EventName.disconnected, () => this.tearDown('the gateway closed the connection'));
  }

  private finishHandshake(): void {
    if (this.handshakeDone || this.nextValidId === null || this.accounts.length === 0) return;
    this.handshakeDone = true;
    this.attempts = 0;
    this.beginGeneration();
    this.endPhase();
    this.hooks.onSession();
    this.keepAlive.start();
    if (this.serversLost) this.waitForServers('the gateway has no connection to the broker');
    else {
      this.brokerServers = true;
      this.changed('connected, waiting for the lists to be read');
    }
  }

  private beginGeneration(): void {
    this.generation += 1;
    this.generationSinceMs = this.settings.nowMs();
  }

  private takeNotice(code: number, message: string): void {
    const wasAllUp = this.farms.allUp;
    this.farms.note(code, message);
    this.hooks.onNotice(code, message);
    if (wasAllUp !== this.farms.allUp) this.changed(this.reason);
    if (SERVERS_LOST.includes(code)) this.loseServers(message);
    if (code === SERVERS_BACK_WITHOUT_SUBSCRIPTIONS)
      this.regainServers({ subscriptionsLost: true });
    if (code === SERVERS_BACK) this.regainServers({ subscriptionsLost: false });
    if (code === CLIENT_ID_IN_USE) {
      this.tearDown('client id in use', this.settings.limits.clientIdRetryMs);
    }
    if (code === PORT_CHANGED) this.tearDown(`the gateway changed its port: ${message}`);
    if (code === COULD_NOT_CONNECT) this.tearDown(`the gateway can't be reached: ${message}`);
    if (code === VERSION_NOT_SUPPORTED) this.tearDown(message);
  }

  private loseServers(message: string): void {
    this.serversLost = true;
    if (!this.handshakeDone) return;
    this.beginGeneration();
    this.waitForServers(`the gateway lost the broker's servers: ${message}`);
  }

  private waitForServers(reason: string): void {
    this.brokerServers = false;
    this.synced = false;
    this.inPhase(this.settings.limits.serverLossReconnectMs, () =>
      this.tearDown('the gateway never said that its servers are back'),
    );
    this.changed(reason);
  }

  private regainServers({ subscriptionsLost }: { subscriptionsLost: boolean }): void {
    this.serversLost = false;
    if (!this.handshakeDone) return;
    this.beginGeneration();
    this.brokerServers = true;
    this.synced = false;
    this.endPhase();
    this.changed("the broker's servers are back, waiting for the lists to be read");
    if (subscriptionsLost) this.hooks.onSubscriptionsLost();
  }

  /** The answer to askTime: our clock when asked and now. */
  takeBrokerTime(brokerSecondMs: EpochMs, askedAtMs: EpochMs): void {
    const before = this.skew.valueMs();
    this.skew.add(brokerSecondMs, askedAtMs, this.settings.nowMs());
    if (before !== this.skew.valueMs()) this.changed(this.reason);
  }

  private tearDown(reason: string, waitMs = this.backOffMs()): void {
    if (!this.library) return;
    this.drop(reason);
    if (!this.opened) return;
    this.attempts += 1;
    this.retryTimer = setTimeout(() => {
      this.retryTimer = null;
      this.connect();
    }, waitMs);
  }

  private backOffMs(): number {
    const { backOffFirstMs, backOffMaxMs } = this.settings.limits;
    return Math.min(backOffFirstMs * 2 ** Math.min(this.attempts, 16), backOffMaxMs);
  }

  private drop(reason: string): void {
    this.library?.destroy();
    this.library = null;
    this.handshakeDone = false;
    this.synced = false;
    this.brokerServers = false;
    this.serversLost = false;
    this.accounts = [];
    this.nextValidId = null;
    this.farms.reset();
    this.skew.reset();
    this.keepAlive.stop();
    this.endPhase();
    this.hooks.onDown(reason);
    this.changed(reason);
  }

  private inPhase(limitMs: number, onTooLong: () => void): void {
    this.endPhase();
    this.phaseTimer = setTimeout(onTooLong, limitMs);
  }

  private endPhase(): void {
    if (this.phaseTimer) clearTimeout(this.phaseTimer);
    this.phaseTimer = null;
  }

  private changed(reason: string): void {
    this.reason = reason;
    this.hooks.onStateChange(this.state());
  }
}
