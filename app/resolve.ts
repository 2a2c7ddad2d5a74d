/**
 * The operator's way out of what no evidence settles (TRD-11), in two steps: the first shows what would be
 * done and what is known, under a code; the second does it by that code, while nothing has changed, and
 * keeps it in the audit log.
 */
import { fingerprint } from '../contract/fingerprint.js';
import type { ProposalView } from '../contract/views.js';
import { appendAudit } from '../store/audit.js';
import { resolveDifference, type DifferenceResolution } from '../store/resolve/difference.js';
import { resolveFill, type FillResolution } from '../store/resolve/fill.js';
import { resolveMissingFill, type MissingFillResolution } from '../store/resolve/missing-fill.js';
import { lockConfirmations } from '../store/resolve/one-at-a-time.js';
import { resolveOrder, type OrderResolution } from '../store/resolve/order.js';
import { resolvePosition, type PositionResolution } from '../store/resolve/position.js';
import {
  CannotResolveError,
  type Prepare,
  type Prepared,
  type Resolved,
  type Resolver,
} from '../store/resolve/prepared.js';
import { resolveQuarantine, type QuarantineResolution } from '../store/resolve/quarantine.js';
import { resolveSplit, type SplitResolution } from '../store/resolve/split.js';
import { plainTransact } from '../store/transact.js';
import type { App } from './app.js';
import { notTold, tell, type Told } from './commands.js';
import { startNow } from './signals.js';

export { CannotResolveError } from '../store/resolve/prepared.js';

/** What can be resolved, and how. */
export type Resolution =
  | ({ readonly kind: 'order' } & OrderResolution)
  | ({ readonly kind: 'fill' } & FillResolution)
  | ({ readonly kind: 'missing_fill' } & MissingFillResolution)
  | ({ readonly kind: 'difference' } & DifferenceResolution)
  | ({ readonly kind: 'split' } & SplitResolution)
  | ({ readonly kind: 'position' } & PositionResolution)
  | ({ readonly kind: 'quarantine' } & QuarantineResolution);

export interface Confirmed {
  readonly proposal: ProposalView;
  /** As a command's: what came of telling the trade's workflow. It never fails. */
  readonly told: Promise<Told>;
}

/** Shows what would be done. @throws CannotResolveError */
export function proposeResolution(app: App, resolution: Resolution): Promise<ProposalView> {
  return plainTransact(app.db, async (tx) => {
    const prepared = await prepareOf(resolution)(tx, resolverOf(app));
    return proposalOf(resolution, prepared);
  });
}

/** Does what was shown under the code. @throws CannotResolveError, also when anything has changed */
export async function confirmResolution(
  app: App,
  resolution: Resolution,
  code: string,
): Promise<Confirmed> {
  if (!CODE.test(code)) {
    throw new CannotResolveError(
      `${code} is no code: it has ${CODE_LENGTH} characters, and is shown without --confirm`,
    );
  }
  const { proposal, resolved } = await plainTransact(app.db, async (tx) => {
    await lockConfirmations(tx, app.userId);
    const { userId, actor, nowMs } = resolverOf(app);
    const prepared = await prepareOf(resolution)(tx, { userId, actor, nowMs });
    const proposal = proposalOf(resolution, prepared);
    if (proposal.code !== code.toLowerCase()) {
      throw new CannotResolveError(
        `the code ${code} is unknown: it is not that of what would be done now; look again without --confirm`,
      );
    }
    const resolved = await prepared.apply();
    const action = `resolve.${resolution.kind}`;
    const body = { resolution, does: proposal.does, evidence: proposal.evidence };
    await appendAudit(tx, { userId, actor, action, subject: prepared.subject, body });
    return { proposal, resolved };
  });
  return { proposal, told: tellOf(app, resolution, resolved) };
}

/** What is left of a difference after these shows in a comparison, which nobody should have to ask for. */
const COMPARED_AFTER: ReadonlySet<Resolution['kind']> = new Set(['split', 'difference']);

/** An adopted position is a trade that nobody looks after yet: its workflow is started. */
async function tellOf(app: App, { kind }: Resolution, resolved: Resolved | null): Promise<Told> {
  if (resolved === null) return { how: 'told' };
  const { tradeId, snapshot, also = [] } = resolved;
  const compared = COMPARED_AFTER.has(kind) ? compareNow(app, tradeId) : Promise.resolve();
  await Promise.all(also.map((other) => tell(app, other.tradeId, other.snapshot)));
  if (kind !== 'position') {
    const told = await tell(app, tradeId, snapshot);
    await compared;
    return told;
  }
  const startsLater = await startNow(app, tradeId);
  return startsLater === null ? { how: 'told' } : notTold(startsLater);
}

/** The session's own comparison comes within minutes where this one can't be started, so that is no error. */
async function compareNow(app: App, tradeId: string): Promise<void> {
  try {
    const { accountId } = await app.db.trade.findUniqueOrThrow({ where: { id: tradeId } });
    const client = await app.temporal();
    const { startReconcile } = await import('../client/reconcile.js');
    const account = { accountId, queuePrefix: app.config.taskQueuePrefix };
    const endsAtMs = Date.now() + COMPARE_START_MAX_MS;
    await client.withDeadline(endsAtMs, () => startReconcile(client, account, 'demand'));
  } catch {
    return;
  }
}

/** As long as a trade's workflow is waited for: both are told side by side. */
const COMPARE_START_MAX_MS = 3_000;

function resolverOf({ userId, actor }: App): Resolver {
  return { userId, actor, nowMs: Date.now() };
}

function prepareOf(resolution: Resolution): Prepare {
  switch (resolution.kind) {
    case 'order':
      return resolveOrder(resolution);
    case 'fill':
      return resolveFill(resolution);
    case 'missing_fill':
      return resolveMissingFill(resolution);
    case 'difference':
      return resolveDifference(resolution);
    case 'split':
      return resolveSplit(resolution);
    case 'position':
      return resolvePosition(resolution);
    case 'quarantine':
      return resolveQuarantine(resolution);
  }
}

/** Long enough that a code of an earlier look can't fit by chance, short enough to type. */
const CODE_LENGTH = 6;
const CODE = new RegExp(`^[0-9a-f]{${CODE_LENGTH}}$`, 'i');

function proposalOf(
  resolution: Resolution,
  { subject, does, evidence, basis }: Prepared,
): ProposalView {
  const code = fingerprint({ resolution, basis }).slice(0, CODE_LENGTH);
  return { subject, does, evidence, code };
}
