/**
 * The link to SnapTrade: there is no socket that stands, so it stands as long as each look at the accounts is
 * answered. A look that fails ends the generation, and so does a write whose outcome nobody told; what
 * was known before proves nothing then, and nothing is written before a new picture was declared (BRK-12).
 */
import type { EpochMs } from '../../domain/vocabulary.js';
import { NotSentError } from '../port.js';
import type { ConnectionState } from '../port.js';
import type { WriteSession } from '../slots.js';
import type { Api } from './api.js';
import { reasonFrom, SnapTradeFailure } from './failures.js';
import type { Settings } from './options.js';

export interface ConnectionHooks {
  /** The state is another one now. */
  readonly onChange: (state: ConnectionState) => void;
  /** Looks at the accounts' orders. @throws SnapTradeFailure. */
  readonly look: () => Promise<void>;
  readonly areAtWork: () => boolean;
  readonly nextValidId: () => number;
  /** What SnapTrade tells of the user's accounts. */
  readonly onPaper: (paperAccounts: ReadonlySet<string>) => void;
}

interface Facts {
  socket: ConnectionState['socket'];
  brokerServers: boolean;
  ready: boolean;
  reason: string;
  accounts: readonly string[];
  paperAccounts: readonly string[];
  generationSinceMs: EpochMs | null;
  lastMessageAtMs: EpochMs | null;
  clockSkewMs: number | null;
}

export class Connection {
  private readonly facts: Facts = {
    ...{
      socket: 'down',
      brokerServers: false,
      ready: false,
      reason: 'not opened yet',
      ...{ accounts: [], paperAccounts: [] },
    },
    ...{ generationSinceMs: null, lastMessageAtMs: null, clockSkewMs: null },
  };
  private generation: number;
  private isOpen = false;
  private failures = 0;
  /** Why it is down, or was when it tried again; null once it is up. */
  private trouble: string | null = null;
  private wake: () => void = () => undefined;

  constructor(
    private readonly settings: Settings,
    private readonly api: Api,
    private readonly hooks: ConnectionHooks,
  ) {
    this.generation = settings.firstGeneration - 1;
  }

  state(): ConnectionState {
    const { facts, generation, hooks } = this;
    const isUp = facts.socket === 'up';
    return {
      ...facts,
      generation,
      dataFarms: isUp && facts.brokerServers,
      nextValidId: isUp ? hooks.nextValidId() : null,
    };
  }

  open(): void {
    if (this.isOpen) return;
    this.isOpen = true;
    this.api.open();
    void this.run();
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.api.close();
    const before = this.trouble === null ? '' : `; before: ${this.trouble}`;
    this.set({
      socket: 'down',
      brokerServers: false,
      ready: false,
      reason: `closed by this system${before}`,
    });
    this.wake();
  }

  /** @throws NotSentError `not_ready` when that generation is over. */
  declareSynced(generation: number): void {
    const { socket, brokerServers, reason } = this.facts;
    if (generation !== this.generation || socket !== 'up' || !brokerServers) {
      const told = `generation ${generation} is over, this is ${this.generation} (${reason})`;
      throw new NotSentError('not_ready', told);
    }
    this.set({ ready: true, reason: 'ready' });
  }

  /** @throws NotSentError unless orders may be written. */
  session(): WriteSession {
    this.requireReady();
    const { generation } = this;
    return {
      generation,
      nextValidId: this.hooks.nextValidId(),
      accounts: this.facts.accounts,
      requireCurrent: () => {
        this.requireReady();
        if (generation === this.generation) return;
        throw new NotSentError('not_ready', 'not sent: the link broke since the turn was given');
      },
    };
  }

  /** The outcome of a write is not known: what was known of the broker proves nothing any more. */
  outcomeUnknown(failure: SnapTradeFailure): void {
    this.lost(failure);
    this.look();
  }

  /** Looks at once: something was written. */
  look(): void {
    this.wake();
  }

  heard(): void {
    this.facts.lastMessageAtMs = this.settings.nowMs();
  }

  private requireReady(): void {
    if (this.facts.ready) return;
    const told = `not sent: the broker link is not ready (${this.facts.reason})`;
    throw new NotSentError('not_ready', told);
  }

  private async run(): Promise<void> {
    while (this.isOpen) {
      const pauseMs = await this.step();
      if (this.isOpen) await this.sleep(pauseMs);
    }
  }

  /** One handshake or one look. @returns how long to wait for the next. */
  private async step(): Promise<number> {
    try {
      if (this.facts.socket !== 'up') await this.handshake();
      const { generation } = this;
      await this.hooks.look();
      // A write was lost while it looked: what it saw is of before.
      if (!this.isOpen || generation !== this.generation) return 0;
      this.failures = 0;
      this.heard();
      this.trouble = null;
      if (!this.facts.brokerServers) this.begin({ brokerServers: true, reason: 'not in sync yet' });
      const { pollMs, idlePollMs } = this.settings.limits;
      return this.hooks.areAtWork() ? pollMs : idlePollMs;
    } catch (error) {
      return this.isOpen ? this.failed(error) : 0;
    }
  }

  private failed(error: unknown): number {
    const told = error instanceof Error ? error.message : String(error);
    const failure =
      error instanceof SnapTradeFailure ? error : new SnapTradeFailure('server', 0, told);
    if (failure.kind === 'throttled') {
      if (this.facts.socket !== 'up') this.lost(failure);
      return failure.retryAfterMs ?? this.backOffMs();
    }
    this.lost(failure);
    this.failures += 1;
    return this.backOffMs();
  }

  private lost(failure: SnapTradeFailure): void {
    if (!this.isOpen) return;
    const isServers = failure.kind === 'server';
    const reason = reasonFrom(failure, this.settings.basePath);
    this.trouble = reason;
    const { socket, brokerServers, ready } = this.facts;
    const isNews = ready || brokerServers || (socket === 'up' && !isServers);
    if (isServers && socket === 'up') {
      if (isNews) this.begin({ brokerServers: false, ready: false, reason });
      return;
    }
    if (isNews) this.begin({ socket: 'down', brokerServers: false, ready: false, reason });
    // It was not up: no generation ends, and each attempt says what it failed of.
    else this.set({ socket: 'down', reason });
  }

  private async handshake(): Promise<void> {
    const { api, settings } = this;
    const again = this.trouble === null ? '' : ` again: ${this.trouble}`;
    this.set({ socket: 'connecting', reason: `connecting${again}` });
    const askedAtMs = settings.nowMs();
    const { timestamp } = await api.status();
    const skew = Date.parse(timestamp) - (askedAtMs + settings.nowMs()) / 2;
    const listed = (await api.accounts()).filter(({ id, status, account_category: category }) => {
      const isWanted = settings.account === undefined || id === settings.account;
      const isOpen = status === null || status === 'open';
      return isWanted && isOpen && (category === null || category === 'INVESTMENT');
    });
    if (!this.isOpen) return;
    if (listed.length === 0) {
      throw new SnapTradeFailure('login', 200, 'the user has no open account that can be traded');
    }
    const paperAccounts = listed.flatMap(({ id, is_paper: paper }) => (paper ? [id] : []));
    this.hooks.onPaper(new Set(paperAccounts));
    this.heard();
    this.begin({
      ...{ socket: 'up', brokerServers: true, ready: false, reason: 'not in sync yet' },
      ...{ accounts: listed.map(({ id }) => id), paperAccounts },
      clockSkewMs: Number.isFinite(skew) ? Math.round(skew) : null,
    });
  }

  /** A new generation, in which nothing is known yet. */
  private begin(facts: Partial<Facts>): void {
    this.generation += 1;
    this.set({ ...facts, ready: false, generationSinceMs: this.settings.nowMs() });
  }

  private set(facts: Partial<Facts>): void {
    Object.assign(this.facts, facts);
    this.hooks.onChange(this.state());
  }

  private backOffMs(): number {
    const { backOffFirstMs, backOffMaxMs } = this.settings.limits;
    return Math.min(backOffFirstMs * 2 ** Math.min(this.failures, 20), backOffMaxMs);
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.wake = () => undefined;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.wake = done;
    });
  }
}
