/** Commands to a trade: rows, unique by the caller's key; refusals are kept too (TRD-5). */
import type { CommandOutcome, CommandRequest } from '../contract/activities.js';
import type { TradeSnapshot } from '../contract/workflows.js';
import type { Database, Transaction } from './database.js';
import { lockBook, type TradeBook } from './book/load.js';
import { entryMayFill } from './book/needs-work.js';
import { saveBook, viewOf } from './book/save.js';
import { addTradeEvent } from './timeline.js';
import { transact } from './transact.js';

/** Records a command and, when it is possible, what the trade wants from now on. */
export async function recordCommand(
  db: Database,
  request: CommandRequest,
  nowMs: number,
): Promise<CommandOutcome> {
  const { tradeId } = request;
  return transact(db, 'command.commit', { tradeId }, async (tx) => {
    const book = await lockBook(tx, request.tradeId);
    const known = await tx.command.findUnique({
      where: { tradeId_key: { tradeId: request.tradeId, key: request.key } },
    });
    const snapshot = book.trade.snapshot as unknown as TradeSnapshot;
    if (known) {
      const verdict = known.verdict === 'accepted' ? 'accepted' : 'refused';
      return { verdict, reason: known.reason, snapshot };
    }
    const reason = refusal(book, request);
    await keepCommand(tx, book, request, reason, nowMs);
    if (reason !== null) return { verdict: 'refused', reason, snapshot };
    const changes =
      request.kind === 'close' ? { closeRequested: request.cause } : { cancelRequested: true };
    const saved = await saveBook(tx, book, nowMs, changes);
    return { verdict: 'accepted', reason: null, snapshot: saved.snapshot };
  });
}

/** Why a command can't be followed now; null when it can. */
function refusal(book: TradeBook, { kind }: CommandRequest): string | null {
  const view = viewOf(book);
  if (view.isOver) return `the trade is over (${view.state})`;
  const legs = [...book.legs.values()];
  if (kind === 'cancel_entry' && legs.length > 0 && !entryMayFill(legs)) {
    return 'the entry is finished: close the trade instead';
  }
  if (kind === 'close' && view.entryFilled === '0') {
    return 'nothing is held yet: cancel the entry instead';
  }
  return null;
}

async function keepCommand(
  tx: Transaction,
  book: TradeBook,
  request: CommandRequest,
  reason: string | null,
  nowMs: number,
): Promise<void> {
  const { userId, id: tradeId } = book.trade;
  const verdict = reason === null ? 'accepted' : 'refused';
  const { kind, key, actor, cause } = request;
  await tx.command.create({
    data: {
      userId,
      tradeId,
      key,
      kind,
      actor,
      verdict,
      reason,
      body: { cause },
      doneAt: new Date(nowMs),
    },
  });
  const summary = `${kind} by ${actor}: ${verdict}${reason ? `, ${reason}` : ''}`;
  await addTradeEvent(tx, { userId, tradeId }, 'command', summary, { key, cause });
}
