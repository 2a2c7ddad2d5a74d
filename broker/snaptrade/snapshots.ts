/**
 * The one picture of the broker (BRK-12), read list by list. Orders are read before and after the positions: where
 * this system wrote meanwhile, all is read anew. It is complete when every list came whole and is of now, nothing
 * was dealt between, and no order of unknown fate could be two.
 */
import { brokerDayOf } from '../../domain/broker/day.js';
import type { EpochMs } from '../../domain/vocabulary.js';
import type { BrokerPosition, ConnectionState, Listing, Snapshot } from '../port.js';
import type { Api } from './api.js';
import { CAPABILITIES } from './capabilities.js';
import { contractIdOf } from './contract-ids.js';
import type { Legs } from './legs.js';
import { olderOrders } from './older-orders.js';
import type { Settings } from './options.js';
import {
  dealtAtMs,
  executionOf,
  filledOf,
  isOver,
  isReplacedUnseen,
  legReport,
  reportOf,
} from './reports.js';
import type { OrderRecord, PositionsAnswer } from './schemas.js';
import type { Teller } from './teller.js';
import type { Writer } from './writer.js';

/** As often as all is read anew because something moved meanwhile. */
const READINGS_MAX = 3;
/** A list of recent orders this long may go on: the API gives one page. */
const RECENT_PAGE = 100;
/** Positions are of now when they were fetched no longer ago than this before the reading began. */
const FRESH_MS = 60_000;

export interface SnapshotParts {
  readonly settings: Settings;
  readonly api: Api;
  readonly legs: Legs;
  readonly teller: Teller;
  readonly writer: Writer;
  readonly state: () => ConnectionState;
  readonly onPositions: (positions: readonly BrokerPosition[]) => void;
}

interface AccountLists {
  readonly account: string;
  readonly orders: readonly OrderRecord[];
  readonly positions: readonly BrokerPosition[];
  readonly problem: string | null;
}

export class Snapshots {
  private running: { readonly result: Promise<Snapshot>; readonly writes: number } | null = null;

  constructor(private readonly parts: SnapshotParts) {}

  /** Callers share the reading that runs, unless something was written since it began. */
  async take(): Promise<Snapshot> {
    const { writer } = this.parts;
    await writer.idle();
    const { running } = this;
    if (running && running.writes === writer.writes) return running.result;
    const result = this.read().finally(() => {
      if (this.running?.result === result) this.running = null;
    });
    this.running = { result, writes: writer.writes };
    return result;
  }

  private async read(): Promise<Snapshot> {
    for (let reading = 1; ; reading += 1) {
      const { writer, state, settings } = this.parts;
      await writer.idle();
      const [before, startedAtMs, writes] = [state(), settings.nowMs(), writer.writes];
      const lists = await this.accounts(before, startedAtMs);
      const isMoved = writer.writes !== writes;
      if (isMoved && reading < READINGS_MAX) continue;
      const problem =
        differences(before, state()) ??
        (isMoved ? 'orders were written while it was read' : null) ??
        lists.find((one) => one.problem !== null)?.problem ??
        null;
      return this.pictureOf(lists, { before, startedAtMs, problem });
    }
  }

  private async accounts(
    { socket, accounts }: ConnectionState,
    startedAtMs: EpochMs,
  ): Promise<AccountLists[]> {
    if (socket !== 'up') return [];
    const lists: AccountLists[] = [];
    for (const account of accounts) {
      lists.push(
        await this.account(account, startedAtMs).catch((error: unknown) => failed(account, error)),
      );
    }
    return lists;
  }

  private async account(account: string, startedAtMs: EpochMs): Promise<AccountLists> {
    const { api, teller, legs } = this.parts;
    const listed = await api.orders(account);
    const early = await api.recentOrders(account);
    const older = await olderOrders(api, legs, account, early);
    const told = await api.positions(account);
    const recent = await api.recentOrders(account);
    // What was read last is newest.
    const orders = byId([...listed, ...early, ...older, ...recent]);
    const unclear = teller.take(account, orders);
    const problem =
      unclear ??
      (isStale(told, startedAtMs)
        ? `the positions of ${account} are of ${told.data_freshness.as_of}: this key has no data of now`
        : null) ??
      (recent.length >= RECENT_PAGE ? `the recent orders of ${account} fill a whole page` : null) ??
      (dealt(early) === dealt(recent) ? null : 'something was dealt while it was read');
    return { account, orders, positions: positionsOf(account, told), problem };
  }

  private pictureOf(
    lists: readonly AccountLists[],
    facts: {
      readonly before: ConnectionState;
      readonly startedAtMs: EpochMs;
      readonly problem: string | null;
    },
  ): Snapshot {
    const { legs, settings } = this.parts;
    const { before, startedAtMs, problem } = facts;
    const { sessionClientId, nowMs } = settings;
    const today = brokerDayOf(CAPABILITIES.day, nowMs());
    const isOfToday = (record: OrderRecord) =>
      brokerDayOf(CAPABILITIES.day, dealtAtMs(record)) === today;
    const all = lists.flatMap(({ account, orders }) => {
      return orders.map((record) => {
        const leg = legs.ofBroker(record.brokerage_order_id);
        return { record, owner: { account, leg, sessionClientId } };
      });
    });
    // Of what was replaced only the last is an order; what was dealt of the others counts in it.
    const current = all.filter(({ record, owner: { leg } }) => {
      if (!leg) return true;
      return leg.chain.at(-1) === record.brokerage_order_id && !isReplacedUnseen(leg, record);
    });
    const reports = current.map(({ record, owner }) => ({
      record,
      report: (owner.leg && legReport(owner.leg, sessionClientId)) ?? reportOf(record, owner),
    }));
    const positions = lists.flatMap((one) => one.positions);
    if (problem === null) this.parts.onPositions(positions);
    return {
      generation: before.generation,
      generationSinceMs: before.generationSinceMs ?? startedAtMs,
      startedAtMs,
      endedAtMs: nowMs(),
      isComplete: problem === null,
      ...(problem !== null && { problem }),
      orders: reports.filter(({ record }) => !isOver(record)).map(({ report }) => report),
      completed: reports
        .filter(({ record }) => isOver(record) && isOfToday(record))
        .map(({ report }) => report),
      executions: all
        .filter(({ record }) => isOfToday(record))
        .flatMap(({ record, owner }) => executionOf(record, owner) ?? []),
      positions,
    };
  }

  /** Positions alone, asked for after the call. */
  async positions(): Promise<Listing<BrokerPosition>> {
    const { api, state, settings } = this.parts;
    const before = state();
    const startedAtMs = settings.nowMs();
    let complete = true;
    const items: BrokerPosition[] = [];
    for (const account of before.accounts) {
      const told = await api.positions(account).catch(() => null);
      if (told === null || isStale(told, startedAtMs)) complete = false;
      if (told !== null) items.push(...positionsOf(account, told));
    }
    const isSame = before.generation === state().generation;
    return { items, complete: complete && isSame, startedAtMs, endedAtMs: settings.nowMs() };
  }
}

function failed(account: string, error: unknown): AccountLists {
  const problem = error instanceof Error ? error.message : String(error);
  return { account, orders: [], positions: [], problem };
}

function byId(records: readonly OrderRecord[]): OrderRecord[] {
  return [...new Map(records.map((one) => [one.brokerage_order_id, one])).values()];
}

/** What makes lists of this time prove nothing. */
function differences(before: ConnectionState, after: ConnectionState): string | null {
  if (before.socket !== 'up' || after.socket !== 'up') return `not connected: ${after.reason}`;
  if (before.generation !== after.generation) return 'the connection broke while it was read';
  return after.brokerServers ? null : `SnapTrade is unavailable: ${after.reason}`;
}

function dealt(records: readonly OrderRecord[]): string {
  return records
    .map((one) => `${one.brokerage_order_id} ${filledOf(one).toFixed()}`)
    .sort()
    .join();
}

function isStale({ data_freshness: { as_of: asOf } }: PositionsAnswer, startedAtMs: EpochMs) {
  const asOfMs = Date.parse(asOf);
  return !(asOfMs >= startedAtMs - FRESH_MS);
}

/** The kinds of instruments that this system holds as shares. */
const SHARES: readonly string[] = ['stock', 'etf', 'adr', 'cef'];

function positionsOf(account: string, { results }: PositionsAnswer): BrokerPosition[] {
  return results
    .filter(({ cash_equivalent: isCash }) => isCash !== true)
    .map(({ instrument, units, cost_basis: cost }) => ({
      account,
      symbol: instrument.raw_symbol ?? instrument.symbol ?? '',
      securityType: SHARES.includes(instrument.kind) ? 'STK' : instrument.kind.toUpperCase(),
      brokerContractId: instrument.id === null ? 0 : contractIdOf(instrument.id),
      quantity: units,
      averageCost: cost ?? '0',
    }));
}
