/**
 * Making a preview (PRV-1) where the link to the broker is: look at the market, decide as a plan would, ask what the
 * entry would cost. Nothing is reserved, and nothing is sent but the what-if.
 */
import { ApplicationFailure } from '@temporalio/common';
import { UnknownContractError } from '../broker/port.js';
import type { PreviewActivities } from '../contract/preview.js';
import type { WhatIfReport } from '../domain/broker/what-if.js';
import { checksOf, type PreviewContent } from '../domain/preview/content.js';
import { bracketLegs, type BracketLeg } from '../domain/trade/bracket.js';
import { around } from '../failpoints/failpoint.js';
import { takeOneId } from '../store/order-ids.js';
import {
  keepPreview,
  loadWanted,
  type Foreseen,
  type WantedPreview,
} from '../store/previews/make.js';
import { SignalKnownError } from '../store/previews/provisional.js';
import { referenceOf } from '../store/reference.js';
import type { BrokerDeps } from './deps.js';
import { withHeartbeat } from './heartbeat.js';
import { fetchMarket, LINK_WAIT_MS, saveUnknown } from './market.js';

/** A preview does not wait longer for its turn to ask: entries go first. */
const TURN_WAIT_MS = 5_000;

/** Makes the activity of `broker-<account>-work`. */
export function createPreviewActivities(deps: BrokerDeps): PreviewActivities {
  return {
    makePreview: ({ previewId }) =>
      withHeartbeat(async () => ({ madeAtMs: await makePreview(deps, previewId) })),
  };
}

async function makePreview(deps: BrokerDeps, previewId: string): Promise<number> {
  const wanted = await loadWanted(deps.db, previewId);
  if (wanted.madeAtMs !== null) return wanted.madeAtMs;
  await lookAtMarket(deps, wanted);
  const foreseen = await deps.plans.foresee(wanted).catch(asLasting);
  const content = await contentOf(deps, wanted, foreseen);
  const limits = deps.settings.preview;
  return keepPreview(deps.db, previewId, content, { atMs: foreseen.atMs, limits });
}

/** What trying again does not mend. */
function asLasting(error: unknown): never {
  if (!(error instanceof SignalKnownError)) throw error;
  throw ApplicationFailure.nonRetryable(error.message, error.name);
}

/** As fresh as the broker gives it; what is missing then, the checks say. */
async function lookAtMarket(deps: BrokerDeps, wanted: WantedPreview): Promise<void> {
  const { link, log } = deps;
  const { previewId } = wanted;
  try {
    await link.ready(LINK_WAIT_MS);
    await fetchMarket(deps, wanted, true);
  } catch (error) {
    log.warn({ previewId, error: String(error) }, 'the market could not be fetched for a preview');
    if (error instanceof UnknownContractError) await saveUnknown(deps, wanted, error, {});
  }
}

async function contentOf(
  deps: BrokerDeps,
  wanted: WantedPreview,
  { context, decision, needsApproval }: Foreseen,
): Promise<PreviewContent> {
  const { contract, quote, fxRate } = context;
  const { priceTolerance, sizeTolerance } = deps.settings.preview;
  const plan = decision.verdict === 'approved' ? decision.plan : null;
  const legs = plan === null ? [] : bracketLegs(plan, `oca-${wanted.previewId.slice(-12)}`);
  const asked =
    contract.kind === 'known' && legs[0]
      ? await whatIfOf(deps, { ...wanted, instrument: contract.instrument }, legs[0])
      : { whatIf: null, whatIfProblem: 'not asked: the trade would be denied' };
  return {
    ...{ verdict: decision.verdict, checks: checksOf(decision), contract, quote, fxRate },
    ...{ sizing: decision.sizing, appliedDefaults: decision.appliedDefaults, plan, legs },
    ...{ ...asked, needsApproval, priceTolerance, sizeTolerance },
  };
}

/** What the broker says of the entry; a preview is worth having without it. */
async function whatIfOf(
  deps: BrokerDeps,
  wanted: WantedPreview,
  entry: BracketLeg,
): Promise<Pick<PreviewContent, 'whatIf' | 'whatIfProblem'>> {
  if (!deps.link.port.capabilities.whatIf) {
    return { whatIf: null, whatIfProblem: 'this broker is not asked what an order would cost' };
  }
  try {
    return { whatIf: await askWhatIf(deps, wanted, entry), whatIfProblem: null };
  } catch (error) {
    const whatIfProblem = error instanceof Error ? error.message : String(error);
    deps.log.warn({ previewId: wanted.previewId, whatIfProblem }, 'no answer to a what-if');
    return { whatIf: null, whatIfProblem };
  }
}

/**
 * In a turn to write, as an order, and given up right behind the question: its id is then above all that were written
 * before, and below all that come after. Should entries overtake it, the broker may refuse it, and places nothing.
 */
async function askWhatIf(
  { db, link, installationId, nowMs }: BrokerDeps,
  { previewId, brokerAccountId: account, instrument }: WantedPreview,
  { role, terms }: BracketLeg,
): Promise<WhatIfReport> {
  const deadlineMs = nowMs() + TURN_WAIT_MS;
  const slot = await link.port.openSlot({ messages: 1, priority: 'entry', deadlineMs });
  try {
    const { generation, nextValidId } = slot;
    const of = { lease: link.lease(), generation, nextValidId };
    const sessionOrderId = await around('preview.id.take', {}, () => takeOneId(db, of));
    const clientOrderId = referenceOf(installationId, previewId, role, 1);
    const asked = { clientOrderId, sessionOrderId, account, instrument, terms };
    const answer = link.port.whatIf(asked);
    slot.release();
    return await answer;
  } finally {
    slot.release();
  }
}
