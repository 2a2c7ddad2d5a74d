/** Why a trade is over without a fill, for people: an end that says nothing leaves them to guess (TRD-14, RSK-5). */
import type { EpochMs } from '../vocabulary.js';
import type { ActionCause, ProtectiveAction } from './actions.js';
import { entryOf, legOf, type Book, type Leg } from './book.js';
import type { BookView } from './view.js';
import { BY_PERSON } from './wishes.js';

/** The broker ends an order by its own clock, which may be a little ahead of ours. */
const EXPIRY_EARLY_MS = 5_000;

const CANCELLED = 'entry cancelled';
const BUSTED = 'all its fills were taken back by the broker (bust)';

/** The broker's word that an order is cancelled: it gives no reason beside. */
const CANCELLED_CODE = 202;

const CAUSES: Partial<Record<ActionCause, string>> = {
  exit_filled_while_entering: 'one of its exits had filled',
  unarmed_while_entering: 'its stop was not armed',
  exit_lost_while_entering: 'the broker refused or dropped its exits',
  duplicate_leg: 'an earlier order of its reference had filled',
};

/**
 * The book once its entry's cancel is claimed, which says why it goes while nothing is filled. `stoppedBy`: the
 * switch that lets no entry stand, such as `halted by the halt file`.
 */
export function withEntryCancelled(
  book: Book,
  actions: readonly ProtectiveAction[],
  stoppedBy: string,
): Book {
  const found = actions.find(
    (action) => action.kind === 'cancel' && legOf(book, action.legId).role === 'ENTRY',
  );
  if (found === undefined || book.failure !== null) return book;
  const why = wished(book) ?? CAUSES[found.cause] ?? stoppedBy;
  return { ...book, failure: `${CANCELLED}: ${why}` };
}

function wished({ wishes: { close, cancelEntry } }: Book): string | null {
  if (close !== null) return close === BY_PERSON ? 'by command' : close.replaceAll('_', ' ');
  return cancelEntry ? 'by command' : null;
}

/** `failure` as it is to be kept: why nothing was, or is, filled at its end; none once something is. */
export function concluded(book: Book, view: BookView, nowMs: EpochMs): string | null {
  const { failure } = book;
  if (view.entryFilled !== '0') return failure !== null && isConclusion(failure) ? null : failure;
  const entry = entryOf(book);
  if (!view.isOver || failure !== null || entry?.intent !== 'SENT') return failure;
  if (book.fills.length > 0) return BUSTED;
  return view.state === 'CANCELLED' || view.state === 'EXPIRED' ? endOf(book, entry, nowMs) : null;
}

function endOf(book: Book, { status, error }: Leg, nowMs: EpochMs): string {
  const goodTillMs = book.plan?.entry.goodTillMs ?? null;
  const asked = wished(book);
  if (asked !== null) return `${CANCELLED}: ${asked}`;
  if (goodTillMs !== null && nowMs >= goodTillMs - EXPIRY_EARLY_MS) {
    return `${EXPIRED_AT} ${new Date(goodTillMs).toISOString()}`;
  }
  if (status === 'EXPIRED') return `${EXPIRED_AT} the end of its time in force`;
  const why =
    error === null || error.code === CANCELLED_CODE ? '' : `: ${error.code} ${error.message}`;
  return `${CANCELLED} at the broker, not by this system${why}`;
}

const EXPIRED_AT = 'expired at';

function isConclusion(failure: string): boolean {
  return [CANCELLED, BUSTED, EXPIRED_AT].some((beginning) => failure.startsWith(beginning));
}
