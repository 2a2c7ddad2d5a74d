/** Commands to a trade: rows, unique by the caller's key; refusals are kept too (TRD-5). */
import type { CommandOutcome, CommandRequest } from '../contract/activities.js';
import type { Book } from '../domain/trade/book.js';
import { requestCancel, requestClose, type Wished } from '../domain/trade/wishes.js';
import { changeBook } from './book/change.js';
import type { BookKeys } from './book/keys.js';
import type { Database, Transaction } from './database.js';
import { transact } from './transact.js';

/** Records a command and, when it is possible, what the trade wants from now on. */
export async function recordCommand(
  db: Database,
  request: CommandRequest,
  nowMs: number,
): Promise<CommandOutcome> {
  const { tradeId } = request;
  return transact(db, 'command.commit', { tradeId }, (tx) => commandTrade(tx, request, nowMs));
}

/**
 * The same for a command that did not come through the trade's workflow: it must be told of every one that
 * was accepted, also where nothing shows yet that it has work (an entry that waits to be sent).
 */
export async function recordGivenCommand(
  db: Database,
  request: CommandRequest,
  nowMs: number,
): Promise<CommandOutcome> {
  const { tradeId } = request;
  return transact(db, 'command.commit', { tradeId }, async (tx) => {
    const outcome = await commandTrade(tx, request, nowMs);
    if (outcome.verdict === 'accepted') {
      await tx.$executeRaw`UPDATE trades SET wake_seq = seq WHERE id = ${tradeId}::uuid`;
    }
    return outcome;
  });
}

/** The same inside a transaction: the row and the wish are one. */
export async function commandTrade(
  tx: Transaction,
  request: CommandRequest,
  nowMs: number,
): Promise<CommandOutcome> {
  const { tradeId, key } = request;
  let answer: Answer = { verdict: 'refused', reason: null };
  const { snapshot } = await changeBook(tx, tradeId, nowMs, async (book, keys) => {
    const known = await tx.command.findUnique({ where: { tradeId_key: { tradeId, key } } });
    if (known) {
      answer = known.kind === request.kind ? answerOf(known) : takenBy(known);
      return { book, events: [] };
    }
    const wished = wish(book, request);
    const reason = wished.refusal;
    answer = { verdict: reason === null ? 'accepted' : 'refused', reason };
    await keepCommand(tx, keys, request, answer, nowMs);
    const { kind, actor, cause } = request;
    const summary = `${kind} by ${actor}: ${answer.verdict}${reason ? `, ${reason}` : ''}`;
    const event = { kind: 'command', summary, detail: { key, cause } };
    return { book: wished.book, events: [event, ...wished.events] };
  });
  return { ...answer, snapshot };
}

type Answer = Pick<CommandOutcome, 'verdict' | 'reason'>;

interface Known {
  readonly key: string;
  readonly kind: string;
  readonly verdict: string;
  readonly reason: string | null;
}

/** The same command again is answered as before. */
function answerOf({ verdict, reason }: Known): Answer {
  return { verdict: verdict === 'accepted' ? 'accepted' : 'refused', reason };
}

/** Answering with what became of another command would say that this one was taken. */
function takenBy({ key, kind }: Known): Answer {
  return {
    verdict: 'refused',
    reason: `the key ${key} was given with ${kind} before: give another one`,
  };
}

function wish(book: Book, { kind, cause }: CommandRequest): Wished {
  return kind === 'close' ? requestClose(book, cause) : requestCancel(book);
}

async function keepCommand(
  tx: Transaction,
  { userId }: BookKeys,
  request: CommandRequest,
  { verdict, reason }: Answer,
  nowMs: number,
): Promise<void> {
  const { tradeId, kind, key, actor, cause } = request;
  const doneAt = new Date(nowMs);
  await tx.command.create({
    data: { userId, tradeId, key, kind, actor, verdict, reason, body: { cause }, doneAt },
  });
}
