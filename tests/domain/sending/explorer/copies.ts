/** What the copies of an activity do: the turn, the claim, the write in one tick, look-ups, verdicts. */
import type { WriteRef } from '../../../../domain/sending/group.js';
import { judgePicture } from '../../../../domain/sending/picture.js';
import { entryOf, type Book, type Change } from '../../../../domain/trade/book.js';
import { claimEntry, entryIds } from '../../../../domain/trade/claim.js';
import { placing } from '../../../../domain/trade/incarnation.js';
import { notWritten } from '../../../../domain/trade/outcome.js';
import { abandon, wasTaken } from '../../../../domain/trade/wishes.js';
import { ACCOUNT, CLIENT, CONTRACT_ID } from '../../trade/books.js';
import { commit, listed, withFacts } from './broker.js';
import {
  DAY,
  isReady,
  NAME,
  type Activity,
  type Rule,
  type State,
  type Step,
  type Wired,
} from './state.js';

export class Copies {
  constructor(private readonly without: Rule | null) {}

  /** What an activity may do next. */
  steps(state: State, activity: Activity): Step[] {
    const { worker: w, at } = activity;
    if (state.workers[w]!.state !== 'up') return [];
    const name = NAME[w]!;
    const become = (change: Partial<Activity> | null, more: Partial<State> = {}): State => {
      const others = state.activities.filter((each) => each !== activity);
      const activities = change === null ? others : [...others, { ...activity, ...change }];
      return { ...state, ...more, activities };
    };
    switch (at) {
      case 'wants':
        return this.wants(state, activity, become);
      case 'claimed':
        return this.mayWrite(state, activity)
          ? [{ label: `${name} checks and writes`, next: this.written(state, activity) }]
          : [{ label: `${name}: a check fails, nothing is written`, next: become({ at: 'undo' }) }];
      case 'undo':
        return [
          { label: `${name} commits NOT_WRITTEN`, next: this.undone(become(null), activity) },
        ];
      case 'looks': {
        if (!isReady(state, w)) return [{ label: `${name}: no link`, next: become(null) }];
        if (state.wire.length > 0) return [];
        const told = withFacts(state);
        const snapshot = listed(state);
        const next = { ...become({ at: 'judges', snapshot }), book: told.book, refused: [] };
        return [{ label: `${name} takes a picture`, next: { ...next, error: told.error } }];
      }
      case 'judges': {
        const next = this.proven(become(null), activity);
        const isOpenStill = entryOf(next.book)!.intent === 'SENDING';
        const looksOn = this.proven(become({ at: 'looks', snapshot: null }), activity);
        return [{ label: `${name} commits what it proves`, next: isOpenStill ? looksOn : next }];
      }
      case 'middle':
        return [];
    }
  }

  private wants(
    state: State,
    { worker: w }: Activity,
    become: (change: Partial<Activity> | null, more?: Partial<State>) => State,
  ): Step[] {
    const name = NAME[w]!;
    const { book } = state;
    if (!isReady(state, w)) return [{ label: `${name}: not READY`, next: become(null) }];
    if (wasTaken(book))
      return [{ label: `${name} finds it taken, and looks`, next: become({ at: 'looks' }) }];
    const isTurnTaken = state.activities.some(
      (other) => other.worker === w && (other.at === 'claimed' || other.at === 'middle'),
    );
    if (isTurnTaken) return [];
    const self = state.workers[w]!;
    const isCurrent = self.epoch === state.epoch && self.generation === state.generation;
    if (!isCurrent) return [{ label: `${name}: the claim is refused`, next: become(null) }];
    const ids = this.idsOf(state);
    const sender = { epoch: String(self.epoch), generation: self.generation };
    const who = { ...sender, sessionClientId: CLIENT, brokerDay: DAY, nowMs: state.clock };
    const claimed = claimEntry(book, ids, who);
    if (claimed.kind === 'refused')
      return [{ label: `${name}: ${claimed.reason}`, next: become(null) }];
    const { group } = claimed;
    const refs = group.messages.map(({ legId, n }) => ({ legId, n }));
    const lastId = Math.max(state.lastId, ...ids);
    const isHighest = Math.max(...ids) === lastId;
    const error = isHighest
      ? state.error
      : 'ids are used again though a higher one was given (103)';
    const next = become(
      { at: 'claimed', group, refs, generation: self.generation },
      { lastId, error },
    );
    return [
      {
        label: `${name} commits the claim of ids ${ids.join(', ')}`,
        next: commit(next, claimed.change),
      },
    ];
  }

  private idsOf(state: State): readonly number[] {
    const given = { lastGivenId: state.lastId, sessionClientId: CLIENT };
    const { keep } = entryIds(state.book, given);
    const before = state.book.legs.map((leg) => placing(leg)?.sessionOrderId);
    if (this.without === 'ids' && before.every((id) => id !== undefined)) return before;
    return keep ?? [state.lastId + 1, state.lastId + 2];
  }

  /** Whether its worker believes that it may write. */
  mayWrite(state: State, { worker, generation }: Activity): boolean {
    const { epoch, ready, generation: own } = state.workers[worker]!;
    return epoch !== 0 && ready && (own === generation || this.without === 'session');
  }

  /** Its group goes to the socket, or nowhere. */
  written(state: State, activity: Activity): State {
    const { worker, group, generation } = activity;
    const activities = state.activities.filter((each) => each !== activity);
    const { session } = state;
    const isOwn = session?.worker === worker;
    const goesOut = isOwn && (session.generation === generation || this.without === 'session');
    if (!goesOut) return { ...state, activities };
    const parent = group!.messages.find((m) => m.kind === 'place' && m.legId === 'ENTRY');
    const parentId = parent?.kind === 'place' ? parent.order.sessionOrderId : 0;
    const messages = group!.messages.map((message): Wired => {
      const id = message.kind === 'cancel' ? message.sessionOrderId : message.order.sessionOrderId;
      const kind = message.kind === 'cancel' ? 'cancel' : 'place';
      return { kind, id, role: message.legId, parent: parentId };
    });
    return { ...state, activities, wire: [...state.wire, ...messages] };
  }

  private undone(state: State, { refs }: Activity): State {
    if (this.without !== 'cas') return commit(state, notWritten(state.book, refs, 'not written'));
    const book = blinded(state.book);
    return commit(state, notWritten(book, presentRefs(book), 'not written'));
  }

  private proven(state: State, { worker, snapshot }: Activity): State {
    const writing = state.activities
      .filter((each) => each.worker === worker && (each.at === 'claimed' || each.at === 'undo'))
      .map(({ group }) => group!.key);
    const held = state.book.fills.length * 100;
    const from = {
      nowMs: state.clock,
      epoch: String(state.workers[worker]!.epoch),
      writing: new Set(this.without === 'fence' ? [] : writing),
      answerTimeoutMs: 5_000,
      expected: { account: ACCOUNT, brokerContractId: CONTRACT_ID, quantity: String(held) },
      isBlindTo: () => false,
      isInReset: () => false,
    };
    const seen =
      this.without === 'pause' ? { ...snapshot!, generationSinceMs: -LONG_AGO_MS } : snapshot!;
    return commit(state, giveUpAtEnd(judgePicture(state.book, seen, from)));
  }
}

/** Bounded: the third placing is not searched, so the second absence ends the trade. */
function giveUpAtEnd(change: Change): Change {
  const entry = entryOf(change.book)!;
  const isSecond = entry.incarnations.filter(({ kind }) => kind === 'place').length >= 2;
  return isSecond && !wasTaken(change.book) ? abandon(change.book, 'bounded') : change;
}

/** As if every session were old. */
const LONG_AGO_MS = 1_000_000;

/** Makes the verdict fit whatever the book holds now: what happens when nothing is compared. */
function blinded(book: Book): Book {
  return {
    ...book,
    legs: book.legs.map((leg) => ({
      ...leg,
      intent: 'SENDING' as const,
      status: 'PENDING' as const,
      incarnations: leg.incarnations.map((each) => ({
        ...each,
        state: each === placing(leg) ? ('CLAIMED' as const) : each.state,
      })),
    })),
  };
}

const presentRefs = (book: Book): WriteRef[] =>
  book.legs.map((leg) => ({ legId: leg.legId, n: placing(leg)!.n }));
