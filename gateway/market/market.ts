/** The market as the gateway's flags name it, going on from where an earlier run of it stopped. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { History, Listings, Market, Sessions } from '../exchange/api.js';
import { createListings } from './listings.js';
import { createHistory } from './history.js';
import { firstMids, listReplayDays } from './replay-days.js';
import type { ReplayDay } from './replay-days.js';
import { createReplayMarket } from './replay.js';
import type { ReplayState } from './replay.js';
import { createSimulatedMarket } from './simulated.js';
import type { SimulatedState } from './simulated.js';

/** What a kill may cost: so much of the walk is walked again, or so many rows played twice. */
const SAVE_INTERVAL_MS = 500;
const REPLAY_PREFIX = 'replay:';
const FILE_VERSION = 1;

export interface MarketFlags {
  /** `simulated` or `replay:DIR`. */
  market: string;
  seed: number;
  speed: number;
  paused: boolean;
  /** Recorded instant to begin a replay at. */
  at?: string;
}

export interface OpenedMarket {
  market: Market;
  listings: Listings;
  history: History;
  /** A replay that an earlier run played to its end. */
  isOver: boolean;
  /** Writes the market's state now; also done every half second once started. */
  save(): void;
  /** Starts the market and the saving of its state. */
  start(): void;
  /** Stops both; the last state is written. */
  stop(): void;
}

interface SavedMarket {
  version: number;
  flags: MarketFlags;
  paused: boolean;
  speed: number;
  firstStartMs: number;
  state: unknown;
}

interface Snapshotting extends Market {
  snapshot(): unknown;
}

/** A saved state counts only for the same market; a changed speed, hold or instant wins over it. */
function usable(saved: SavedMarket | undefined, flags: MarketFlags): SavedMarket | undefined {
  if (saved?.version !== FILE_VERSION) return undefined;
  const same = saved.flags.market === flags.market && saved.flags.seed === flags.seed;
  return same && saved.flags.at === flags.at ? saved : undefined;
}

function read(path: string): SavedMarket | undefined {
  let body: string;
  try {
    body = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return JSON.parse(body) as SavedMarket;
  } catch (error) {
    const remedy = 'remove it to start the market afresh';
    throw new Error(`${path} is not readable (${String(error)}); ${remedy}`, { cause: error });
  }
}

interface BuiltMarket {
  market: Snapshotting;
  listings: Listings;
  days: ReplayDay[];
  recordedNowMs?: () => number;
}

function build(flags: MarketFlags, saved: SavedMarket | undefined): BuiltMarket {
  const speed = saved?.flags.speed === flags.speed ? saved.speed : flags.speed;
  const paused = saved?.flags.paused === flags.paused ? saved.paused : flags.paused;
  if (!flags.market.startsWith(REPLAY_PREFIX)) {
    const listings = createListings();
    const state = saved?.state as SimulatedState | undefined;
    const base = { listings, seed: flags.seed, speed, paused };
    const market = createSimulatedMarket(state ? { ...base, saved: state } : base);
    return { market, listings, days: [] };
  }
  const days = listReplayDays(flags.market.slice(REPLAY_PREFIX.length));
  const listings = createListings(firstMids(days));
  const state = saved?.state as ReplayState | undefined;
  const base = { days, listings, speed, paused, ...(flags.at && { at: flags.at }) };
  const market = createReplayMarket(state ? { ...base, saved: state } : base);
  return { market, listings, days, recordedNowMs: () => market.recordedNowMs() };
}

function recordedSymbols(days: readonly ReplayDay[]): string[] {
  return days.flatMap((day) => [...day.files.keys()]);
}

/** The market's folder made absolute, so that the same folder is the same market. */
function absolute(flags: MarketFlags): MarketFlags {
  if (!flags.market.startsWith(REPLAY_PREFIX)) return flags;
  const folder = resolve(flags.market.slice(REPLAY_PREFIX.length));
  return { ...flags, market: `${REPLAY_PREFIX}${folder}` };
}

/**
 * Opens the market of these flags; its state lies in `stateDir`/market.json.
 * @throws Error when a recording or the saved state can't be read, RangeError for bad flags.
 */
export function openMarket(asked: MarketFlags, stateDir: string, sessions: Sessions): OpenedMarket {
  const flags = absolute(asked);
  if (flags.at !== undefined && !flags.market.startsWith(REPLAY_PREFIX)) {
    throw new RangeError('--at needs a replay: use it with --market replay:DIR');
  }
  mkdirSync(stateDir, { recursive: true });
  const path = join(stateDir, 'market.json');
  const saved = usable(read(path), flags);
  const firstStartMs = saved?.firstStartMs ?? Date.now();
  const { market, ...built } = build(flags, saved);
  const { listings } = built;
  const recorded = recordedSymbols(built.days);
  const history = createHistory({ ...built, sessions, seed: flags.seed, firstStartMs });
  let timer: NodeJS.Timeout | undefined;

  function save(): void {
    const { paused, speed } = market.state();
    const live = { version: FILE_VERSION, flags, paused, speed, firstStartMs };
    writeFileSync(`${path}.new`, JSON.stringify({ ...live, state: market.snapshot() }));
    renameSync(`${path}.new`, path);
  }

  return {
    market,
    listings,
    history,
    isOver: recorded.length > 0 && !recorded.some((symbol) => market.isOpen(symbol)),
    save,
    start() {
      market.start();
      save();
      timer = setInterval(save, SAVE_INTERVAL_MS);
    },
    stop() {
      clearInterval(timer);
      market.stop();
      save();
    },
  };
}
