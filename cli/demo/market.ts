/** The paper gateway's market, as the samples turn it: prices to read, a speed to borrow. */
import { decimal, roundToIncrement, text } from '../../domain/money.js';

export interface SampleMarket {
  /** How many times as fast as usual it runs now. */
  readonly speed: number;
  /** Symbols that are quoted. */
  readonly symbols: ReadonlySet<string>;
  /** A limit that is a little dearer than the ask, so that a buy at it fills now. */
  limitThroughAsk(symbol: string): Promise<string | null>;
  /** Gives the borrowed speed back. */
  giveBack(): Promise<void>;
}

interface MarketState {
  readonly mode: string;
  readonly speed: number;
}

interface PriceView {
  readonly ask: string;
}

/** A sample's exits are some 0.15 % away: minutes at speed 1, seconds at this one. */
const SAMPLE_SPEED = 5;
/** 0.03 % above the ask: more than the quote moves, most times, before the order is there. */
const THROUGH_ASK = '1.0003';
const CENT = '0.01';
/** The control port is on this machine. */
const ANSWER_TIMEOUT_MS = 5_000;

/** Reads the market behind a control port and hurries a simulation that runs at its usual pace. */
export async function borrowMarket(controlUrl: string): Promise<SampleMarket> {
  const before = (await call(controlUrl, '/market')) as MarketState;
  const prices = (await call(controlUrl, '/prices')) as Record<string, PriceView>;
  const hurries = before.mode === 'simulated' && before.speed === 1;
  if (hurries) await call(controlUrl, '/market', { speed: SAMPLE_SPEED });
  return {
    speed: hurries ? SAMPLE_SPEED : before.speed,
    symbols: new Set(Object.keys(prices)),
    limitThroughAsk: async (symbol) => {
      const now = (await call(controlUrl, '/prices')) as Record<string, PriceView>;
      const ask = now[symbol]?.ask;
      if (ask === undefined) return null;
      const through = decimal(ask).mul(decimal(THROUGH_ASK));
      return text(roundToIncrement(through, decimal(CENT), 'up'));
    },
    giveBack: async () => {
      if (hurries) await call(controlUrl, '/market', { speed: before.speed });
    },
  };
}

async function call(controlUrl: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(new URL(path, controlUrl), {
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    ...(body === undefined
      ? {}
      : {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
  });
  if (response.ok) return response.json();
  throw new Error(`the paper gateway's control port answered ${response.status} to ${path}`);
}
