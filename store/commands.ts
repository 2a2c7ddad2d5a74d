/** Commands to a trade: rows, unique by the caller's key; refusals are kept too (TRD-5). */
import type { CommandOutcome, CommandRequest } from '../contract/activities.js';
import { isSame } from '../domain/canonical.js';
import type { RiskLimits } from '../domain/risk/limits.js';
import type { Book } from '../domain/trade/book.js';
import { asksWider, requestMove, requestTrail } from '../domain/trade/request-move.js';
import {
  BY_PERSON,
  requestCancel,
  requestClose,
  requestEndByPerson,
  type Wished,
} from '../domain/trade/wishes.js';
import { appendAudit } from './audit.js';
import { changeBook } from './book/change.js';
import type { BookKeys } from './book/keys.js';
import { toJson, type Database, type Transaction } from './database.js';
import { moveMarket } from './move-market.js';
import { lockForPlan } from './planning/read.js';
import { riskRoom } from './risk-room.js';
import { trailsRefusal } from './trailing.js';
import { transact } from './transact.js';

/** What a command is judged by, beside the rows. */
export interface JudgedBy {
  readonly nowMs: number;
  /** The installation's: what an adopted position may risk more is held against them, too (RSK-3). */
  readonly limits: Partial<RiskLimits>;
  /** The halt file is there: nothing may risk more (RSK-5). */
  readonly isHalted?: boolean;
}

/** Records a command and, when it is possible, what the trade wants from now on. */
export async function recordCommand(
  db: Database,
  request: CommandRequest,
  by: JudgedBy,
): Promise<CommandOutcome> {
  const { tradeId } = request;
  return transact(db, 'command.commit', { tradeId }, async (tx) => {
    const { verdict, reason, snapshot } = await commandTrade(tx, request, by);
    return { verdict, reason, snapshot };
  });
}

/**
 * The same for a command that did not come through the trade's workflow: it must be told of every one that
 * was accepted, also where nothing shows yet that it has work (an entry that waits to be sent).
 */
export async function recordGivenCommand(
  db: Database,
  request: CommandRequest,
  by: JudgedBy,
  close: CloseWish = requestClose,
): Promise<CommandOutcome> {
  const { tradeId } = request;
  return transact(db, 'command.commit', { tradeId }, async (tx) => {
    const { isNew, userId, ...outcome } = await giveToTrade(tx, request, by, close);
    if (isNew) await auditCommand(tx, userId, request, outcome);
    return outcome;
  });
}

/** What ends a trade whatever there is of it, asked for by a person: what it holds is sold, what is unfilled is cancelled. */
export async function recordEnd(
  db: Database,
  { tradeId, key, actor }: Pick<CommandRequest, 'tradeId' | 'key' | 'actor'>,
  nowMs: number,
): Promise<CommandOutcome> {
  const request = { tradeId, key, actor, kind: 'close', cause: BY_PERSON } as const;
  return recordGivenCommand(db, request, { nowMs, limits: {} }, requestEndByPerson);
}

/** What a person wanted of a trade, refusals too; the same command again is no other decision. */
async function auditCommand(
  tx: Transaction,
  userId: string,
  { tradeId, kind, key, actor, cause, terms }: CommandRequest,
  { verdict, reason }: Answer,
): Promise<void> {
  const body = { key, cause, ...(terms && { terms }), verdict, reason };
  await appendAudit(tx, { userId, actor, action: kind, subject: `trade ${tradeId}`, body });
}

/** What became of a command, and whether it was given for the first time. */
interface Taken extends CommandOutcome {
  readonly isNew: boolean;
  readonly userId: string;
}

/** The same inside a transaction; `close` is what a close asks of the book. */
export async function giveToTrade(
  tx: Transaction,
  request: CommandRequest,
  by: JudgedBy,
  close: CloseWish = requestClose,
): Promise<Taken> {
  const outcome = await commandTrade(tx, request, by, close);
  if (outcome.verdict === 'accepted') {
    await tx.$executeRaw`UPDATE trades SET wake_seq = seq WHERE id = ${request.tradeId}::uuid`;
  }
  return outcome;
}

/** What a close asks of a book: to sell what is held, or to end whatever there is. */
export type CloseWish = (book: Book, cause: string) => Wished;

/** The same inside a transaction: the row and the wish are one. */
export async function commandTrade(
  tx: Transaction,
  request: CommandRequest,
  by: JudgedBy,
  close: CloseWish = requestClose,
): Promise<Taken> {
  const { tradeId, key } = request;
  const { nowMs } = by;
  // What it may risk more is checked and kept in one step with every plan of the account (RSK-2).
  if (request.terms?.widen) await lockForPlan(tx, tradeId);
  let answer: Answer = { verdict: 'refused', reason: null };
  let isNew = false;
  const { snapshot, keys: of } = await changeBook(tx, tradeId, nowMs, async (book, keys) => {
    const known = await tx.command.findUnique({ where: { tradeId_key: { tradeId, key } } });
    if (known) {
      answer = isOfRow(request, known) ? answerOf(known) : takenBy(known);
      return { book, events: [] };
    }
    const wished = await wish(tx, book, keys, request, { ...by, close });
    const verdict = wished.refusal === null ? 'accepted' : 'refused';
    const reason = wished.refusal ?? wished.note ?? null;
    answer = { verdict, reason };
    isNew = true;
    await keepCommand(tx, keys, request, answer, nowMs);
    const { kind, actor, cause } = request;
    const said = reason ? `, ${reason}` : '';
    const summary = `${kind}${termsText(request)} by ${actor}: ${verdict}${said}`;
    const event = { kind: 'command', summary, detail: { key, cause } };
    return { book: wished.book, events: [event, ...wished.events] };
  });
  return { ...answer, snapshot, isNew, userId: of.userId };
}

type Answer = Pick<CommandOutcome, 'verdict' | 'reason'>;

interface Known {
  readonly key: string;
  readonly kind: string;
  readonly verdict: string;
  readonly reason: string | null;
  readonly body: unknown;
}

/** The same key stands for the same command, asking for the same. */
function isOfRow({ kind, terms = {} }: CommandRequest, known: Known): boolean {
  const body = known.body as { readonly terms?: object };
  return known.kind === kind && isSame(body.terms ?? {}, terms);
}

/** The same command again is answered as before. */
function answerOf({ verdict, reason }: Known): Answer {
  return { verdict: verdict === 'accepted' ? 'accepted' : 'refused', reason };
}

/** Answering with what became of another command would say that this one was taken. */
function takenBy({ key, kind, body }: Known): Answer {
  const terms = termsText(body as Pick<CommandRequest, 'terms'>);
  return {
    verdict: 'refused',
    reason: `the key ${key} was given with ${kind}${terms} before: give another one`,
  };
}

async function wish(
  tx: Transaction,
  book: Book,
  keys: BookKeys,
  { kind, cause, terms = {} }: CommandRequest,
  { nowMs, limits, isHalted = false, close }: JudgedBy & { readonly close: CloseWish },
): Promise<Wished> {
  if (kind === 'close') return close(book, cause);
  if (kind === 'cancel_entry') return requestCancel(book);
  if (kind === 'trail' && book.wishes.moves.trail === null) {
    const refusal = await trailsRefusal(tx, keys.connectionId);
    if (refusal !== null) return { book, events: [], refusal };
  }
  const market = await moveMarket(tx, keys, book, nowMs);
  if (kind === 'trail') {
    return requestTrail(book, terms.trail ?? { amount: '' }, { ...market, room: null });
  }
  const { price = '', widen = false } = terms;
  const asked = { exit: kind === 'move_stop' ? 'stop' : 'target', price, widen } as const;
  const room = asksWider(book, asked)
    ? await riskRoom(tx, book.id, { limits, isHalted }, nowMs)
    : null;
  return requestMove(book, asked, { ...market, room });
}

/** ` 96.5`, ` by 0.02`: what a command asks for beside its kind. */
function termsText({ terms }: Pick<CommandRequest, 'terms'>): string {
  if (terms?.price !== undefined) return ` ${terms.price}${terms.widen ? ' (widened)' : ''}`;
  if (terms?.trail === undefined) return '';
  const { trail } = terms;
  return 'amount' in trail ? ` by ${trail.amount}` : ` by ${trail.fraction} of the price`;
}

async function keepCommand(
  tx: Transaction,
  { userId }: BookKeys,
  request: CommandRequest,
  { verdict, reason }: Answer,
  nowMs: number,
): Promise<void> {
  const { tradeId, kind, key, actor, cause, terms } = request;
  const body = terms === undefined ? { cause } : { cause, terms };
  const doneAt = new Date(nowMs);
  await tx.command.create({
    data: { userId, tradeId, key, kind, actor, verdict, reason, body: toJson(body), doneAt },
  });
}
