/**
 * What the accounts hold, told as it changes: the only word that reaches this client of what a hand sells in
 * TWS. A hint to look, never a list: that is asked for by itself (history.ts), under a request of its own.
 */
import { EventName } from '@stoqey/ib';
import type { Contract, IBApi } from '@stoqey/ib';
import type { BrokerPosition } from '../port.js';
import { decodePosition } from './decode.js';
import type { RequestTable } from './request-table.js';
import type { Settings } from './options.js';
import type { Wire } from './wire.js';

export class PositionFeed {
  /** The subscription of each account on this connection. */
  private readonly ids = new Map<string, number>();

  constructor(
    private readonly settings: Pick<Settings, 'logger'>,
    private readonly wire: Wire,
    private readonly requests: Pick<RequestTable, 'takeId'>,
    private readonly emit: (position: BrokerPosition) => void,
  ) {}

  attach(api: IBApi): void {
    api.on(
      EventName.positionMulti,
      (
        id: number,
        account: string,
        _model: string,
        contract: Contract,
        held: number,
        cost: number,
      ) => {
        if (this.ids.get(account) !== id) return;
        this.emit(decodePosition(account, contract, held, cost));
      },
    );
  }

  /** Subscribes what is not subscribed yet on this connection; all of it is told once, then what changes. */
  watch(accounts: readonly string[]): void {
    for (const account of accounts) {
      if (this.ids.has(account)) continue;
      const id = this.requests.takeId();
      this.ids.set(account, id);
      this.wire
        .ask((api) => api.reqPositionsMulti(id, account, ''))
        .catch((error: unknown) => {
          if (this.ids.get(account) === id) this.ids.delete(account);
          const told = 'changes of positions are not told: pictures show them';
          this.settings.logger.warn(told, { account, error: String(error) });
        });
    }
  }

  /** The connection is gone, and its subscriptions with it. */
  connectionLost(): void {
    this.ids.clear();
  }
}
