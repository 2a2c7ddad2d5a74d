/** One look at each account: what became of our orders, and now and then what the account is worth. */
import type { EpochMs } from '../../domain/vocabulary.js';
import { BrokerRequestError } from '../port.js';
import type { BrokerEvent, ConnectionState } from '../port.js';
import { accountFigures } from './accounts.js';
import type { Api } from './api.js';
import type { Legs } from './legs.js';
import { olderOrders } from './older-orders.js';
import type { Settings } from './options.js';
import type { Teller } from './teller.js';
import type { Writer } from './writer.js';

/** The others are seen with the next picture, at the latest. */
const OLDER_PER_LOOK = 5;

export interface LookerParts {
  readonly settings: Settings;
  readonly api: Api;
  readonly legs: Legs;
  readonly teller: Teller;
  readonly writer: Writer;
  readonly state: () => ConnectionState;
  readonly emit: (event: BrokerEvent) => void;
}

export class Looker {
  private figuresAtMs: EpochMs = 0;

  constructor(private readonly parts: LookerParts) {}

  /** @throws SnapTradeFailure. */
  async look(): Promise<void> {
    const { api, legs, teller, writer, state } = this.parts;
    for (const account of state().accounts) {
      await writer.idle();
      const writes = writer.writes;
      const recent = await api.recentOrders(account);
      const older = await olderOrders(api, legs, account, recent, OLDER_PER_LOOK);
      // What was sent meanwhile is in the list, maybe, before its answer said which it is.
      if (writer.writes === writes) teller.take(account, [...older, ...recent]);
    }
    await this.figures();
  }

  private async figures(): Promise<void> {
    const { settings, state, api, emit } = this.parts;
    if (!state().ready || settings.nowMs() - this.figuresAtMs < settings.limits.accountMs) return;
    this.figuresAtMs = settings.nowMs();
    for (const account of state().accounts) {
      const snapshot = await accountFigures(api, settings, account).catch(unlessUntold);
      if (snapshot) emit({ kind: 'account', snapshot, receivedAtMs: settings.nowMs() });
    }
  }
}

/** An account without figures is told of nothing; a link that breaks is the link's. */
function unlessUntold(error: unknown): null {
  if (error instanceof BrokerRequestError) return null;
  throw error;
}
