/** A burst under way: submitted, told to the referee, watched, some of it closed meanwhile, and at last all of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '../cases/scene.js';
import { isOpenAndCalm, isSettled, type TradeRow } from '../judge/engine-books.js';
import type { Finding } from '../judge/finding.js';
import { accountSums, reservedFindings, type AccountSums } from '../judge/reserved.js';
import type { Ledger } from '../stack/gateway-control.js';
import type { ChaosStack } from '../stack/stack.js';
import { approvedTrades } from './record.js';
import type { BurstSignal } from './signals.js';
import { submitAtOnce, type Submitted } from './submitting.js';
import { BurstWatch } from './watch.js';

/** Two busy cores decide some ten a second; kills and parked trades take their time too. */
const DECIDED_LIMIT_MS = 300_000;
/** Look-ups of what a killed worker has left take two looks 15 s apart. */
const CALM_LIMIT_MS = 120_000;
const LOOK_EVERY_MS = 500;
/** One in three is closed as soon as it is open: what it lets go is another one's at once. */
const CLOSED_MEANWHILE = 3;
const LISTED_AT_ONCE = 50;

/** Both sides, once they agreed, or had the time to. */
export interface Standstill {
  readonly findings: readonly Finding[];
  readonly sums: readonly AccountSums[];
}

export class Burst {
  readonly watch: BurstWatch;
  private readonly told = new Set<string>();
  private readonly closing = new Set<string>();
  private readonly tending: Promise<void>;
  private isOver = false;

  private constructor(
    readonly stack: ChaosStack,
    readonly signals: readonly BurstSignal[],
    readonly before: Ledger,
    private readonly submitted: Submitted,
  ) {
    this.watch = new BurstWatch(stack.books);
    this.tending = this.tend();
  }

  /** Tells the referee of all signals, and has them submitted. Call `stop` at last. */
  static async begin(stack: ChaosStack, signals: readonly BurstSignal[]): Promise<Burst> {
    await stack.gateway.listSignals(
      signals.map(({ id, symbol }) => ({ signal: id, symbol, side: 'BUY', orderRefPrefix: id })),
    );
    const before = await stack.gateway.ledger();
    return new Burst(stack, signals, before, await submitAtOnce(stack, signals));
  }

  get startedAtMs(): number {
    return this.submitted.startedAtMs;
  }

  get tradeIds(): ReadonlyMap<string, string> {
    return this.submitted.tradeIds;
  }

  /** How much of it is decided, from 0 to 1. */
  progress(): number {
    const decided = [...this.tradeIds.values()].filter((id) => this.isDecided(id));
    return decided.length / this.signals.length;
  }

  /** What is not decided then is lost. */
  get deadlineMs(): number {
    return this.startedAtMs + DECIDED_LIMIT_MS;
  }

  /** @throws Error when a submitter got no answer */
  async untilDecided(): Promise<void> {
    await this.submitted.done;
    await waitFor(DECIDED_LIMIT_MS, async () => this.progress() === 1);
  }

  /** Waits until everything is open, rests or is over, and what is reserved is what the ledger says. */
  async calm(): Promise<Standstill> {
    this.isOver = true;
    await this.tending;
    const isStill = async () => (await this.rows()).every((row) => isAtRest(row));
    await waitFor(CALM_LIMIT_MS, isStill);
    return this.standstill();
  }

  /** Closes what is open and cancels what rests, until everything is over. */
  async endAll(): Promise<Standstill> {
    const deadlineMs = Date.now() + CALM_LIMIT_MS;
    let round = 0;
    for (;;) {
      const left = (await this.rows()).filter((row) => !isSettled(row));
      if (left.length === 0 || Date.now() > deadlineMs) return this.standstill();
      round += 1;
      await Promise.all(left.map((row) => this.end(row, `end-${round}`)));
      await waitFor(CALM_LIMIT_MS / 4, async () => (await this.rows()).every(isSettled));
    }
  }

  async rows(): Promise<TradeRow[]> {
    return [...(await this.stack.books.trades([...this.tradeIds.values()])).values()];
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.tending;
    await this.watch.stop();
  }

  private isDecided(id: string): boolean {
    return this.watch.decidedAtMs(id) !== undefined;
  }

  private async standstill(): Promise<Standstill> {
    const { books, gateway, frontDoor } = this.stack;
    const look = async (): Promise<Standstill> => {
      const approved = approvedTrades(await books.decisions(), frontDoor);
      const ledger = await gateway.ledger();
      const rows = await books.reservations();
      return {
        findings: reservedFindings(rows, approved, ledger),
        sums: accountSums(rows, approved, ledger),
      };
    };
    let last = await look();
    // What was filled a moment ago is not booked yet.
    await waitFor(CALM_LIMIT_MS / 4, async () => {
      last = await look();
      return last.findings.length === 0;
    });
    return last;
  }

  private async end(row: TradeRow, key: string): Promise<void> {
    const kind = Number(row.heldQuantity) === 0 ? 'cancel_entry' : 'close';
    await this.stack.frontDoor.command(row.id, kind, { key }).catch(() => undefined);
  }

  /** Tells the referee of the references of what was taken, and closes some of what is open. */
  private async tend(): Promise<void> {
    while (!this.isOver) {
      await this.tellReferee().catch(() => undefined); // away: told the next time
      await this.closeSome().catch(() => undefined);
      await sleep(LOOK_EVERY_MS);
    }
    await this.tellReferee();
  }

  private async tellReferee(): Promise<void> {
    const { frontDoor, gateway } = this.stack;
    const news = this.signals.filter(({ id }) => this.tradeIds.has(id) && !this.told.has(id));
    for (let from = 0; from < news.length; from += LISTED_AT_ONCE) {
      const batch = news.slice(from, from + LISTED_AT_ONCE);
      await gateway.listSignals(
        batch.map(({ id: signal, symbol }) => {
          const orderRefs = frontDoor.referencesOf(this.tradeIds.get(signal)!);
          return { signal, symbol, side: 'BUY', orderRefs };
        }),
      );
      for (const { id } of batch) this.told.add(id);
    }
  }

  private async closeSome(): Promise<void> {
    const open = (await this.rows()).filter(
      (row) => isOpenAndCalm(row) && !this.closing.has(row.id) && isChosen(row.id),
    );
    for (const row of open) {
      this.closing.add(row.id);
      void this.end(row, 'meanwhile');
    }
  }
}

function isChosen(tradeId: string): boolean {
  return parseInt(tradeId.slice(-4), 16) % CLOSED_MEANWHILE === 0;
}

/** Over, open with its exits in place, or waiting at the broker. */
function isAtRest(row: TradeRow): boolean {
  if (isSettled(row) || isOpenAndCalm(row)) return true;
  return row.state === 'ENTERING' && Number(row.filledQuantity) === 0 && !row.needsWork;
}
