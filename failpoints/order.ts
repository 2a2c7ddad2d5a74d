/** What a failpoint is told to do: the content of a file in `armed/`, and the folders around it. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { FAILPOINTS, type Action, type FailpointName } from './table.js';

/** What a pass is about; a `match` compares with it. */
export type Context = Readonly<Record<string, string | null | undefined>>;

/** As it is written; everything but the action may be left out. */
export interface Order {
  readonly action: Action;
  /** Of a freeze or a delay; may be a fraction. Default 1. */
  readonly seconds?: number;
  /** Passes that are let through first, of all processes together. Default 0. */
  readonly skip?: number;
  /** How many passes it happens to after that. Default 1. */
  readonly count?: number;
  /** Only passes whose context says the same: `{"tradeId": "…"}`. Others are not counted. */
  readonly match?: Readonly<Record<string, string>>;
  /** Only in the process with this id. */
  readonly process?: number;
}

/** An order with every default filled in. */
export type FullOrder = Required<Omit<Order, 'match' | 'process'>> &
  Pick<Order, 'match' | 'process'>;

/** What became of a pass: written to `taken/` before the action. */
export interface Taken {
  readonly point: FailpointName;
  readonly action: Action;
  readonly seconds: number;
  readonly pid: number;
  /** `broker worker` or `trade worker`. */
  readonly process: string;
  readonly atMs: number;
  readonly context: Context;
}

/** The first pass of a point by a process: a line of `passed/<point>`. */
export interface Passed {
  readonly pid: number;
  readonly process: string;
  readonly atMs: number;
}

/** An hour: longer than any test waits, and no typing error lasts for ever. */
const SECONDS_MAX = 3_600;
/** Each pass that an order counts leaves a file, so their number is bounded. */
const PASSES_MAX = 10_000;

const KEYS = new Set(['action', 'seconds', 'skip', 'count', 'match', 'process']);

/**
 * Fills in the defaults of an order for a point.
 * @throws RangeError naming what is wrong with it
 */
export function checkOrder(point: FailpointName, order: Order): FullOrder {
  const { action, seconds = 1, skip = 0, count = 1, match, process } = order;
  const expect = (holds: boolean, told: string) => {
    if (!holds) throw new RangeError(`${point}: ${told}`);
  };
  const unknown = Object.keys(order).filter((key) => !KEYS.has(key));
  expect(unknown.length === 0, `no such field: ${unknown.join(', ')}`);
  const { actions } = FAILPOINTS[point];
  expect(actions.includes(action), `"action" is one of ${actions.join(', ')}`);
  const isDuration = typeof seconds === 'number' && seconds >= 0 && seconds <= SECONDS_MAX;
  expect(isDuration, `"seconds" is a number from 0 to ${SECONDS_MAX}`);
  const counts = [skip, count].every((value) => Number.isSafeInteger(value) && value >= 0);
  expect(counts && count >= 1, '"skip" is a whole number from 0, "count" one from 1');
  expect(skip + count <= PASSES_MAX, `"skip" and "count" are at most ${PASSES_MAX} together`);
  const texts = match === undefined || Object.values(match).every((v) => typeof v === 'string');
  expect(texts, '"match" holds texts');
  expect(process === undefined || Number.isSafeInteger(process), '"process" is a process id');
  return { action, seconds, skip, count, match, process };
}

/** Whether an order is meant for this pass. */
export function concerns(order: FullOrder, context: Context, pid: number): boolean {
  if (order.process !== undefined && order.process !== pid) return false;
  return Object.entries(order.match ?? {}).every(([key, value]) => context[key] === value);
}

/** Where everything lies below the folder that `BALLAST_FAILPOINTS` names. */
export interface Folders {
  /** `<point>.json`, one order each. */
  readonly armed: string;
  /** One file for each action that was taken. */
  readonly taken: string;
  /** One file for each pass that an order let through. */
  readonly skipped: string;
  /** `<point>`, a line for each process that has passed it. */
  readonly passed: string;
  /** Orders that could not be read, with the reason. */
  readonly refused: string;
}

/** Gives the folders, making those that are missing. */
export function foldersIn(folder: string): Folders {
  const of = (name: string) => {
    const path = join(folder, name);
    mkdirSync(path, { recursive: true });
    return path;
  };
  return {
    armed: of('armed'),
    taken: of('taken'),
    skipped: of('skipped'),
    passed: of('passed'),
    refused: of('refused'),
  };
}
