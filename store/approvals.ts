/**
 * A person's word on a trade that waits for it (SIG-3): one row for each trade, decided once. Every decision is made
 * under the trade's lock, by the database's own clock, and the row says who was first; the workflow reads the row,
 * and what it is told only wakes it.
 */
import type { ApprovalRequest, CommandOutcome } from '../contract/activities.js';
import {
  decisionRefusal,
  decisionText,
  type ApprovalFacts,
  type ApprovalVerdict,
  type Decided,
} from '../domain/risk/approval.js';
import { cut } from '../domain/text.js';
import { viewOf } from '../domain/trade/view.js';
import type { Book } from '../domain/trade/book.js';
import { APPROVAL } from './approval-row.js';
import { appendAudit } from './audit.js';
import { changeBook } from './book/change.js';
import type { Database, Transaction } from './database.js';
import { transact } from './transact.js';

/** Takes a decision, or says why it can't be taken (any more). The same key again is the same decision. */
export async function decideApproval(
  db: Database,
  request: ApprovalRequest,
  nowMs: number,
): Promise<CommandOutcome> {
  const { tradeId, reason = null } = request;
  const brief = { ...request, reason: reason && cut(reason, REASON_CHARACTERS_MAX) };
  return transact(db, 'approval.commit', { tradeId }, (tx) => decide(tx, brief, nowMs));
}

/** It goes into a message and a timeline, not into an essay. */
const REASON_CHARACTERS_MAX = 500;

async function decide(
  tx: Transaction,
  request: ApprovalRequest,
  nowMs: number,
): Promise<CommandOutcome> {
  const { tradeId, actor, verdict, reason = null } = request;
  let answer: Answer = { refusal: null, isNew: false };
  const { snapshot, keys } = await changeBook(tx, tradeId, nowMs, async (book) => {
    const known = await readApproval(tx, tradeId);
    if (known !== null && isOfRow(request, known)) return { book, events: [] };
    const refusal = decisionRefusal(known?.facts ?? null, stateOf(book), known?.nowMs ?? 0);
    const taken = refusal === null ? await writeVerdict(tx, request) : null;
    answer = { refusal: refusal ?? (taken ? null : TOO_LATE), isNew: taken !== null };
    if (taken === null) return { book, events: [] };
    const event = { kind: 'approval', summary: decisionText(taken), detail: { key: request.key } };
    return { book, events: [event] };
  });
  if (answer.refusal !== null) return { verdict: 'refused', reason: answer.refusal, snapshot };
  if (answer.isNew) {
    await tx.$executeRaw`UPDATE trades SET wake_seq = seq WHERE id = ${tradeId}::uuid`;
    const entry = { userId: keys.userId, actor, action: ACTIONS[verdict] };
    await appendAudit(tx, { ...entry, subject: `trade ${tradeId}`, body: { reason } });
  }
  return { verdict: 'accepted', reason: null, snapshot };
}

interface Answer {
  readonly refusal: string | null;
  /** Decided by this very call. */
  readonly isNew: boolean;
}

/** Between the look and the write. */
const TOO_LATE = 'its time ran out at this moment';

const ACTIONS = { approved: 'approve', rejected: 'reject' } as const;

function stateOf(book: Book) {
  const { state, isOver } = viewOf(book);
  return { state, isOver, cancelRequested: book.wishes.cancelEntry };
}

interface Known {
  readonly facts: ApprovalFacts;
  readonly key: string | null;
  readonly nowMs: number;
}

async function readApproval(tx: Transaction, tradeId: string): Promise<Known | null> {
  const rows = await tx.$queryRaw<Known[]>`
    SELECT ${APPROVAL} AS facts, ap.key,
           (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs"
      FROM approvals ap WHERE ap.trade_id = ${tradeId}::uuid`;
  return rows[0] ?? null;
}

/** The same decision once more: its answer was lost. */
function isOfRow({ key, verdict, actor }: ApprovalRequest, { facts, key: given }: Known): boolean {
  if (facts.verdict === null || given !== key) return false;
  return facts.verdict === verdict && facts.actor === actor;
}

/** Writes the verdict where none stands and time is left; null when it was too late. */
async function writeVerdict(
  tx: Transaction,
  { tradeId, verdict, actor, key, reason = null }: ApprovalRequest,
): Promise<Decided | null> {
  const rows = await tx.$queryRaw<{ facts: Decided }[]>`
    UPDATE approvals ap SET verdict = ${verdict}, actor = ${actor}, key = ${key}, reason = ${reason},
           decided_at = clock_timestamp()
     WHERE ap.trade_id = ${tradeId}::uuid AND ap.verdict IS NULL AND ap.expires_at > clock_timestamp()
    RETURNING ${APPROVAL} AS facts`;
  return rows[0]?.facts ?? null;
}

/** Whether a person has approved it; its workflow may not have seen that yet. */
export async function isApproved(db: Database, tradeId: string): Promise<boolean> {
  const verdict: ApprovalVerdict = 'approved';
  return (await db.approval.count({ where: { tradeId, verdict } })) > 0;
}

const EXPIRED: ApprovalVerdict = 'expired';
/** Who lets a time run out. */
const CLOCK = 'trade';

/** Nobody has decided in time. @throws when somebody has: the plan that says otherwise is to be made anew */
export async function expireApproval(tx: Transaction, tradeId: string): Promise<void> {
  const count = await tx.$executeRaw`
    UPDATE approvals SET verdict = ${EXPIRED}, actor = ${CLOCK}, decided_at = clock_timestamp()
     WHERE trade_id = ${tradeId}::uuid AND verdict IS NULL AND expires_at <= clock_timestamp()`;
  if (count !== 1) throw new Error(`the approval of trade ${tradeId} is not over: look again`);
}

/** That nobody decided is on record too. To be the last statement of its transaction. */
export async function auditExpiry(
  tx: Transaction,
  { id, userId }: { readonly id: string; readonly userId: string },
): Promise<void> {
  const entry = { userId, actor: CLOCK, action: 'approval_expired' };
  await appendAudit(tx, { ...entry, subject: `trade ${id}`, body: {} });
}
