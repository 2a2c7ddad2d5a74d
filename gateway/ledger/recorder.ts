/**
 * Feeds the ledger from the running gateway: from what sessions receive and what the exchange decides.
 * Every fact is written down before its instant is over. A start takes the books as a snapshot has them
 * and reads the facts since; see snapshot.ts.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from '../../domain/money.js';
import type { Exchange, ExchangeEvent, Market } from '../exchange/api.js';
import type { SessionObserver } from '../session/observer.js';
import { eventFact, requestFact } from './facts.js';
import type { Fact } from './facts.js';
import type { ListedFact } from './inputs.js';
import { LedgerJournal } from './journal.js';
import { Ledger } from './ledger.js';
import { listedView } from './listed.js';
import type { ListedView } from './listed.js';
import { ledgerReport } from './report.js';
import type { LedgerReport } from './report.js';
import { loadSnapshot, saveSnapshot } from './snapshot.js';
import type { LoadedSnapshot } from './snapshot.js';
import { Told } from './told.js';

/** How much counted time and how many message counts a kill may cost. */
const TICK_MS = 1_000;

/** Orders that one connection is remembered to know of; beyond, it is noted again that it was told. */
const TOLD_MAX = 50_000;

/** Facts beyond the snapshot; each is worth a new one when it costs nobody a wait, or at last anyway. */
const TAIL_BYTES = {
  /** Some 40 orders: read in no time. */
  atClose: 65_536,
  /** Some 600 orders: read in a tenth of a second. */
  whenIdle: 1_048_576,
  /** Some 5,000 orders: read in a second; taking the snapshot stops everything for half of one. */
  whenBusy: 8_388_608,
};

export interface LedgerRecorder {
  /** What the sessions must tell. */
  observer: SessionObserver;
  report(): LedgerReport;
  /**
   * Adds signals to the run's list, or amends them; all or none. Gives them as they are listed.
   * @throws ListConflict, RangeError: see listed.ts
   */
  list(signals: ListedFact[]): ListedView[];
  /** The whole list. */
  listed(): ListedView[];
  /** Writes the last facts and closes the file. */
  close(): void;
}

function forgetOldest<Key>(memory: Map<Key, unknown> | Set<Key>): void {
  if (memory.size <= TOLD_MAX) return;
  for (const key of memory.keys()) {
    memory.delete(key);
    return;
  }
}

class Recorder {
  private readonly ledger: Ledger;
  private readonly journal: LedgerJournal;
  private readonly snapshotPath: string;
  /** What the journal holds already. */
  private readonly written: Told;
  /** Length of the journal at the latest snapshot. */
  private snapshotBytes: number;
  /** Something happened since the last tick. */
  private isBusy = false;
  private readonly messageCounts: Record<string, number> = {};
  private countsChanged = false;
  /** Client id → permIds its present connection was told of. */
  private readonly told = new Map<number, Set<number>>();
  private instantMs: number | undefined;

  constructor(
    stateDir: string,
    private readonly market: Market,
  ) {
    this.journal = new LedgerJournal(join(stateDir, 'ledger.jsonl'));
    this.snapshotPath = join(stateDir, 'ledger.snapshot.json');
    const snapshot = this.load();
    this.ledger = snapshot?.ledger ?? new Ledger();
    this.written = new Told(snapshot?.told);
    this.snapshotBytes = snapshot?.place.bytes ?? 0;
    this.journal.read((fact) => {
      this.ledger.apply(fact);
      this.written.note(fact);
    }, this.snapshotBytes);
  }

  /** The latest snapshot, if it is one of this journal and these rules. */
  private load(): LoadedSnapshot | undefined {
    try {
      const snapshot = loadSnapshot(this.snapshotPath);
      return snapshot && this.journal.has(snapshot.place) ? snapshot : undefined;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      process.stderr.write(`gateway: reading all of the ledger, ${this.snapshotPath}: ${reason}\n`);
      return undefined;
    }
  }

  /** Takes a snapshot when so much was written since the latest. */
  private saveBeyond(tailBytes: number): void {
    if (this.journal.bytes - this.snapshotBytes < tailBytes) return;
    const place = this.journal.place();
    saveSnapshot(this.snapshotPath, place, this.ledger, this.written);
    this.snapshotBytes = place.bytes;
  }

  /** One instant lasts as long as the code that runs without a break: what it tells belongs together. */
  private now(): number {
    if (this.instantMs === undefined) {
      this.instantMs = Math.max(Date.now(), this.ledger.nowMs);
      queueMicrotask(() => {
        this.instantMs = undefined;
        this.journal.flush();
      });
    }
    return this.instantMs;
  }

  record(fact: Fact): void {
    this.isBusy ||= fact.kind !== 'tick' && fact.kind !== 'messages';
    const input = { at: this.now(), ...fact };
    this.ledger.apply(input);
    this.journal.append(input);
  }

  private midText = (symbol: string): string | undefined => {
    const quote = this.market.quote(symbol);
    return quote && text(quote.bid.add(quote.ask).div(2));
  };

  /** An event of the exchange; an order that is as it was is not told again. */
  event: Parameters<Exchange['onEvent']>[0] = (event) => {
    const fact = eventFact(event, this.midText);
    const isNews = this.written.note(fact);
    if (isNews || fact.kind !== 'order') this.record(fact);
  };

  /** A part of the exchange's books as it stands at a start; mostly the journal has it already. */
  private make(event: ExchangeEvent): void {
    const fact = eventFact(event, this.midText);
    if (this.written.note(fact)) this.record(fact);
  }

  /** The exchange's books as they are now: what a kill kept from the journal is made up for. */
  begin(exchange: Exchange): void {
    this.record({ kind: 'up' });
    const over = [...exchange.completedOrders(), ...exchange.vanishedOrders()];
    for (const order of [...over, ...exchange.openOrders()]) this.make({ kind: 'order', order });
    for (const { execution, commission } of exchange.executions()) {
      this.make({ kind: 'execution', execution });
      const { account, clientId } = execution;
      if (commission) this.make({ kind: 'commission', report: commission, clientId, account });
    }
    for (const position of exchange.positions()) this.make({ kind: 'position', position });
    this.saveBeyond(TAIL_BYTES.whenIdle);
  }

  readonly observer: SessionObserver = {
    onConnected: (clientId) => {
      this.told.delete(clientId);
      this.record({ kind: 'connected', clientId });
    },
    onDisconnected: (clientId, reason) => this.record({ kind: 'disconnected', clientId, reason }),
    onMessageReceived: (_clientId, messageId) => {
      this.messageCounts[messageId] = (this.messageCounts[messageId] ?? 0) + 1;
      this.countsChanged = true;
    },
    onOrderReceived: (clientId, orderId, request, receipt) => {
      this.record({ kind: 'placed', clientId, orderId, receipt, request: requestFact(request) });
      // Before the exchange writes the order down: a kill between the two must not make it a stranger's.
      this.journal.flush();
    },
    onCancelReceived: (clientId, orderId, receipt) =>
      this.record({
        ...{ kind: 'cancel', clientId, orderId },
        ...(receipt === 'dropped' && { receipt }),
      }),
    onOrderTold: (clientId, permId) => {
      const told = this.told.get(clientId) ?? new Set<number>();
      if (told.has(permId)) return;
      this.told.set(clientId, told.add(permId));
      forgetOldest(told);
      this.record({ kind: 'told', clientId, permId });
    },
    onPacingViolation: (clientId, breaches) => this.record({ kind: 'pacing', clientId, breaches }),
  };

  tick(): void {
    this.flushCounts();
    const breached = [...this.ledger.contracts.values()].some((contract) => contract.isInBreach);
    if (breached) this.record({ kind: 'tick' });
    this.saveBeyond(this.isBusy ? TAIL_BYTES.whenBusy : TAIL_BYTES.whenIdle);
    this.isBusy = false;
  }

  private flushCounts(): void {
    if (!this.countsChanged) return;
    this.countsChanged = false;
    this.record({ kind: 'messages', counts: { ...this.messageCounts } });
  }

  report(): LedgerReport {
    this.flushCounts();
    return ledgerReport(this.ledger, Math.max(Date.now(), this.ledger.nowMs));
  }

  list(signals: ListedFact[]): ListedView[] {
    this.ledger.checkSignals(signals);
    this.record({ kind: 'signals', signals });
    // Before it is answered: what was said to be listed must survive a kill.
    this.journal.flush();
    const names = new Set(signals.map(({ signal }) => signal));
    return this.listed().filter(({ signal }) => names.has(signal));
  }

  listed(): ListedView[] {
    this.ledger.settle();
    this.ledger.judge();
    return this.ledger.list.all().map(listedView);
  }

  close(): void {
    this.flushCounts();
    this.record({ kind: 'tick' });
    this.journal.flush();
    this.saveBeyond(TAIL_BYTES.atClose);
    this.journal.close();
  }
}

/** Opens the ledger of a state folder and follows the exchange; sessions get its `observer`. */
export function openLedger(stateDir: string, exchange: Exchange, market: Market): LedgerRecorder {
  mkdirSync(stateDir, { recursive: true });
  const recorder = new Recorder(stateDir, market);
  recorder.begin(exchange);
  const unsubscribe = exchange.onEvent(recorder.event);
  const timer = setInterval(() => recorder.tick(), TICK_MS);
  timer.unref();
  return {
    observer: recorder.observer,
    report: () => recorder.report(),
    list: (signals) => recorder.list(signals),
    listed: () => recorder.listed(),
    close() {
      clearInterval(timer);
      unsubscribe();
      recorder.close();
    },
  };
}
