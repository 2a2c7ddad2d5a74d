/** Fetching the market for a trade whose symbol nobody has looked at lately. */
import type { WarmInput } from '../contract/activities.js';
import { UnknownContractError } from '../broker/port.js';
import { boundsCorrelation } from '../domain/risk/limits.js';
import type { Instrument } from '../domain/vocabulary.js';
import { around } from '../failpoints/failpoint.js';
import { saveUnknownContract } from '../store/market.js';
import { tradeMarket, type TradeMarket } from '../store/world.js';
import type { BrokerDeps } from './deps.js';

/** A link that is down now, or fails in the middle, may be back in a moment; then the plan says it isn't. */
export const LINK_WAIT_MS = 5_000;
/** Quotes come within moments of a sync; whoever asks more often only fills the line. */
const AGAIN_AFTER_MS = 500;

/** Histories take a second or two. */
const CLOSES_WAIT_MS = 3_000;

/**
 * Stores contract, quote and account values, as far as the broker gives them; never fails a trade. It waits
 * for the link, while entries are parked too, and asks again and again, until then: `untilMs`, or a few seconds.
 * `withCloses`: it waits for those too, for a plan that nobody asks again; by then others may be there to compare with.
 */
export async function warmMarket(
  deps: BrokerDeps,
  input: WarmInput,
  withCloses = true,
): Promise<void> {
  const { tradeId } = input;
  const untilMs = await waitsUntil(deps, input);
  const market = await tradeMarket(deps.db, tradeId);
  for (;;) {
    try {
      await deps.link.ready(Math.max(0, untilMs - deps.nowMs()));
      await unparked(deps, untilMs);
      return await fetchMarket(deps, market, withCloses);
    } catch (error) {
      deps.log.warn({ tradeId, error: String(error) }, 'the market could not be fetched');
      if (error instanceof UnknownContractError)
        return saveUnknown(deps, market, error, { tradeId });
      if (deps.nowMs() + AGAIN_AFTER_MS >= untilMs) return;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
    }
  }
}

/**
 * Asks the broker for what a plan reads: contract, quote, account values, and daily closes where they are wanted and bound.
 * @throws UnknownContractError, or what the link fails with
 */
export async function fetchMarket(
  { market, settings }: Pick<BrokerDeps, 'market' | 'settings'>,
  { instrument, brokerAccountId }: Pick<TradeMarket, 'instrument' | 'brokerAccountId'>,
  withCloses: boolean,
): Promise<void> {
  await Promise.all([market.warm(instrument), market.refreshAccount(brokerAccountId)]);
  if (withCloses && boundsCorrelation(settings.limits)) await market.closesSettled(CLOSES_WAIT_MS);
}

/** The end of its tries; what parks entries is waited for first where that was the reason to wait. */
async function waitsUntil(deps: BrokerDeps, { untilMs, isOfParking }: WarmInput): Promise<number> {
  if (untilMs !== undefined && isOfParking !== true) return untilMs;
  if (untilMs !== undefined) await unparked(deps, untilMs);
  return Math.min(untilMs ?? Infinity, deps.nowMs() + LINK_WAIT_MS);
}

/** Waits while entries are parked, until then at the most: the plan says why then. */
async function unparked({ link, nowMs }: BrokerDeps, untilMs: number): Promise<void> {
  while (link.parked() !== null && nowMs() < untilMs) {
    await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
  }
}

/** Asks for a quote unless a live one of that age is known: after a start nothing is. */
export async function freshQuote(
  deps: Pick<BrokerDeps, 'market' | 'log' | 'nowMs'>,
  { symbol, instrument }: { readonly symbol: string; readonly instrument: Instrument },
  maxAgeMs: number,
): Promise<void> {
  const known = deps.market.latest(instrument);
  if (known?.kind === 'live' && deps.nowMs() - known.atMs <= maxAgeMs) return;
  await deps.market.look(instrument).catch((error: unknown) => {
    deps.log.warn({ symbol, error: String(error) }, 'going on without a fresh quote');
  });
}

/** So that the plan can say so. */
/** Keeps for the next plan that the broker knows no such contract. */
export async function saveUnknown(
  { db }: Pick<BrokerDeps, 'db'>,
  { instrument, connectionId }: Pick<TradeMarket, 'instrument' | 'connectionId'>,
  { message }: UnknownContractError,
  context: { readonly tradeId?: string },
): Promise<void> {
  await around('contract.unknown.save', context, () =>
    saveUnknownContract(db, connectionId, instrument, message),
  );
}
