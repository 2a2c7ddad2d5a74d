/**
 * One day on the whole stack: what its scenes share. The gateway's ledger and the books are compared after
 * each disturbance, and everything that people are told is read as they would read it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AttentionView, PositionView, ReconciliationView } from '../../../contract/views.js';
import { decimal, sum, text } from '../../../domain/money.js';
import type { LedgerReport } from '../../../gateway/ledger/report.js';
import { ballast, type Ran } from '../../cli/support.js';
import { startGateway, type TestGateway } from '../../support/gateway.js';
import { isAtRest } from '../../support/at-rest.js';
import { startStack, type TestStack } from '../../support/stack.js';
import { temporalAddress } from '../../support/temporal.js';

const FLAGS = ['--cash', '10000000', '--paused'];
const SETTINGS = {
  MAX_OPEN_POSITIONS: '100',
  MAX_SECTOR_EXPOSURE_PCT: '100',
  MAX_CORRELATED_EXPOSURE_PCT: '100',
  MAX_TRADES_PER_DAY: '100',
  GUARD_INTERVAL_MS: '5000',
};
/** Looks, repairs and their read-back on two busy cores. */
const SETTLED_LIMIT_MS = 40_000;
const LOOK_EVERY_MS = 250;

export interface Entry {
  readonly strategy: string;
  readonly symbol: string;
  readonly quantity: string;
  readonly extra?: Record<string, unknown>;
}

/** Symbols in which a person has to decide, and what is not asked of them until then. */
export interface Allowed {
  /** The broker counts other shares than the books. */
  readonly otherShares?: readonly string[];
  /** Exits at the broker that no book has. */
  readonly otherExits?: readonly string[];
}

export class Day {
  private constructor(
    readonly stack: TestStack,
    private readonly gatewayDir: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** Opens the day: everything runs, and the market stands still. */
  static async open(prices: Record<string, number>): Promise<Day> {
    const gatewayDir = mkdtempSync(join(tmpdir(), 'ballast-day-'));
    const stack = await startStack({
      gateway: { flags: FLAGS, stateDir: gatewayDir },
      env: SETTINGS,
    });
    const day = new Day(stack, gatewayDir, {
      DATABASE_URL: stack.databaseUrl,
      TEMPORAL_ADDRESS: await temporalAddress(),
      TASK_QUEUE_PREFIX: stack.queuePrefix,
      BALLAST_STATE_DIR: stack.stateDir,
      IBKR_PORT: String(stack.gateway.port),
      TRADING_ENABLED: 'true',
    });
    await day.prices(prices);
    return day;
  }

  async end(): Promise<void> {
    await this.stack.stop();
    rmSync(this.gatewayDir, { recursive: true, force: true });
  }

  get gateway(): TestGateway {
    return this.stack.gateway;
  }

  prices(prices: Record<string, number>): Promise<unknown> {
    return this.gateway.control('/prices', prices);
  }

  fault(name: string, params: Record<string, unknown> = {}): Promise<unknown> {
    return this.gateway.control('/faults', { name, ...params });
  }

  ledger(): Promise<LedgerReport> {
    return this.gateway.control<LedgerReport>('/ledger');
  }

  /** The gateway ends, stays away for a while, and comes back on its ports with what it had. */
  async restartGateway(awayMs: number): Promise<void> {
    const { port, controlPort, stateDir } = this.gateway;
    await this.gateway.stop();
    await sleep(awayMs);
    this.stack.gateway = await startGateway({ flags: FLAGS, stateDir, port, controlPort });
  }

  /** Submits a signal with a stop 5 % away; gives the trade's id. */
  async submit({ strategy, symbol, quantity, extra = {} }: Entry): Promise<string> {
    const { tradeId } = await this.stack.submit({
      ...{ id: `${strategy}-${symbol}`, strategy_id: strategy, symbol, side: 'BUY', quantity },
      ...{ stop_loss_pct: '0.05', ...extra },
    });
    return tradeId;
  }

  /** Submits, and waits until it is held and its exits are read back. */
  async enter(entry: Entry): Promise<string> {
    const tradeId = await this.submit(entry);
    await this.stack.waitFor(tradeId, isAtRest);
    return tradeId;
  }

  ballast(...argv: string[]): Promise<Ran> {
    return ballast(argv, { env: this.env });
  }

  async reconcile(): Promise<ReconciliationView> {
    return reportsIn(await this.ballast('reconcile', '--json'))[0]!;
  }

  async lastReport(): Promise<ReconciliationView> {
    return (await this.reports(1))[0]!;
  }

  /** The newest reports. */
  async reports(count: number): Promise<ReconciliationView[]> {
    return reportsIn(await this.ballast('reconcile', '--last', String(count), '--json'));
  }

  /** The executions of which reports say that they were missed, in their words. */
  async missed(): Promise<string[]> {
    const rows = await this.stack.db.finding.findMany({
      where: { kind: 'missed_execution' },
      orderBy: { symbol: 'asc' },
    });
    return rows.map(({ summary }) => summary);
  }

  async positions(): Promise<PositionView[]> {
    return JSON.parse((await this.ballast('positions', '--json')).out) as PositionView[];
  }

  async timeline(tradeId: string): Promise<string[]> {
    const events = await this.stack.db.tradeEvent.findMany({
      where: { tradeId },
      orderBy: { id: 'asc' },
    });
    return events.map(({ summary }) => summary);
  }

  /** Waits until books and broker say the same; throws with what differs. */
  async settled(allowed: Allowed = {}): Promise<void> {
    const deadline = Date.now() + SETTLED_LIMIT_MS;
    for (;;) {
      const differences = await this.differences(allowed);
      if (differences.length === 0) return;
      if (Date.now() > deadline)
        throw new Error(`books and broker differ:\n${differences.join('\n')}`);
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** What the ledger and `ballast positions` don't agree on, share by share; empty when they do. */
  async differences({ otherShares = [], otherExits = [] }: Allowed = {}): Promise<string[]> {
    const [ledger, positions] = [await this.ledger(), await this.positions()];
    const symbols = new Set([
      ...ledger.contracts.map(({ symbol }) => symbol),
      ...positions.map(({ symbol }) => symbol),
    ]);
    return [...symbols].sort().flatMap((symbol) => {
      const contract = ledger.contracts.find((row) => row.symbol === symbol);
      const rows = positions.filter((row) => row.symbol === symbol);
      const counted = sumOf(rows.map(({ quantity }) => quantity));
      const managed = rows.filter(({ strategy_id: strategy }) => strategy !== null);
      const found: string[] = [];
      const expect = (what: string, broker: string, books: string): void => {
        if (broker !== books) found.push(`${symbol} ${what}: broker ${broker}, books ${books}`);
      };
      if (otherShares.includes(symbol)) return found;
      expect('shares', contract?.position ?? '0', counted);
      const held = sumOf(managed.map(({ quantity }) => quantity));
      expect('of trades', sumOf(managed.flatMap(heldOf)), held);
      if (otherExits.includes(symbol)) return found;
      expect('armed stops', contract?.armedStops.SELL ?? '0', held);
      expect('exits', contract?.exits.SELL ?? '0', held);
      for (const { is_protected: isProtected, trade_id: id } of managed.flatMap(
        (row) => row.trades,
      ))
        if (!isProtected) found.push(`${symbol}: trade ${id} is not shown as protected`);
      return found;
    });
  }

  async attention(): Promise<AttentionView[]> {
    const { listAttention } = await import('../../../store/reads.js');
    return listAttention(this.stack.db, this.stack.userId);
  }
}

function sumOf(quantities: readonly string[]): string {
  return text(sum(quantities.map((quantity) => decimal(quantity))));
}

function heldOf({ trades }: PositionView): string[] {
  return trades.map((trade) => trade.held_quantity);
}

function reportsIn({ out, err }: Ran): ReconciliationView[] {
  if (out === '') throw new Error(err);
  return (JSON.parse(out) as { reconciliations: ReconciliationView[] }).reconciliations;
}
