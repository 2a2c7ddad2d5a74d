/**
 * Takes over exits that this system placed and its database has lost, as a restored backup has (REC-3): before
 * a picture is compared, so that what it tells of them is booked with the rest. Such a database lacks more
 * than exits, so the account's entries are paused first, until a person has looked.
 */
import type { Logger } from '../../config/logger.js';
import { brokerDayOf, type BrokerDay } from '../../domain/broker/day.js';
import type { ExecutionReport, OrderReport } from '../../domain/broker/fact.js';
import type { Snapshot } from '../../domain/broker/snapshot.js';
import { unknownReferences } from '../../domain/reconcile/unknown.js';
import { lostReason } from '../../domain/reconcile/recovery.js';
import { pauseOnce } from '../../store/account-pauses.js';
import { adoptLost, lostReferences, type AdoptedExit, type LostOrder } from '../../store/adopt.js';
import type { Database } from '../../store/database.js';
import { recoveryEvidence } from '../../store/reconcile/act.js';
import type { AccountOf } from '../../store/reconcile/books.js';
import type { OrderOwner } from '../../store/order-owner.js';
import { remember } from './remember.js';

/** References that were looked for, of 10,000 open trades with their exits; what makes room is looked for again. */
const ASKED_MAX = 100_000;

export interface AdopterOptions {
  readonly db: Database;
  readonly connectionId: string;
  readonly day: BrokerDay;
  readonly accounts: () => readonly AccountOf[];
  /** Whose the order is from now on. */
  readonly learn: (clientOrderId: string, owner: OrderOwner) => void;
  readonly onWakes: (tradeId: string) => void;
  readonly log: Logger;
}

type Told = OrderReport | ExecutionReport;

export class Adopter {
  /** References that the database knew, or that no open trade could have given. */
  private readonly asked = new Map<string, true>();

  constructor(private readonly options: AdopterOptions) {}

  /** Looks at a complete picture whose facts are not booked yet. @throws when the database does not answer */
  async look(snapshot: Snapshot): Promise<void> {
    const { db, connectionId, day } = this.options;
    const told = [...snapshot.orders, ...snapshot.completed, ...snapshot.executions];
    const references = new Set(told.flatMap(({ clientOrderId: id }) => id ?? []));
    const fresh = [...references].filter((reference) => !this.asked.has(reference));
    if (fresh.length === 0) return;
    const lost = ordersOf(await lostReferences(db, fresh), snapshot);
    if (lost.length > 0) {
      const nowMs = Date.now();
      const at = {
        ...{ nowMs, generation: snapshot.generation, brokerDay: brokerDayOf(day, nowMs) },
        pause: () => this.pause(lost),
      };
      for (const exit of await adoptLost(db, connectionId, lost, at)) this.tell(exit);
    }
    for (const reference of fresh) remember(this.asked, reference, true, ASKED_MAX);
  }

  private tell({ clientOrderId, legId, changed }: AdoptedExit): void {
    const { learn, onWakes, log } = this.options;
    const { id: tradeId } = changed.book;
    learn(clientOrderId, { tradeId, orderRowId: legId });
    log.error({ tradeId, clientOrderId }, 'an exit that the database lost is taken over');
    if (changed.wakes) onWakes(tradeId);
  }

  /** Of all that is unknown, also what no trade can take over: a person looks at it once. */
  private async pause(lost: readonly LostOrder[]): Promise<void> {
    const { db, accounts } = this.options;
    const { id: installationId } = await db.installation.findFirstOrThrow();
    for (const { id: accountId, brokerAccountId: account } of accounts()) {
      const told = lost
        .filter((order) => order.account === account)
        .flatMap(({ orders, executions }): Told[] => [...orders, ...executions]);
      const findings = unknownReferences({ installationId, knownOrders: [] }, told);
      if (findings.length === 0) continue;
      const reason = lostReason(findings.length);
      const wanted = { accountId, kind: 'recovery', symbol: null, reason } as const;
      await pauseOnce(db, 'reconcile.pause.commit', {
        ...wanted,
        evidence: recoveryEvidence(findings),
      });
    }
  }
}

function ordersOf(references: ReadonlySet<string>, snapshot: Snapshot): LostOrder[] {
  return [...references].map((clientOrderId) => {
    const isOfIt = (told: Told): boolean => told.clientOrderId === clientOrderId;
    const orders = [...snapshot.orders, ...snapshot.completed].filter(isOfIt);
    const executions = snapshot.executions.filter(isOfIt);
    const { account, brokerContractId } = (orders[0] ?? executions[0])!;
    return { clientOrderId, account, brokerContractId, orders, executions };
  });
}
