/**
 * The closed table of failpoints: every named place in the workers where a test may make the process
 * die, freeze, throw or wait. Names are words of the domain, so that they outlive the functions they
 * stand in. `*.before` of a commit stands inside the transaction, after its last statement and right
 * before its COMMIT; `*.after` stands where the caller has not seen the result yet.
 */
import type {
  AccountActivities,
  DayActivities,
  EntryActivities,
  LedgerActivities,
  LocalActivities,
  ProtectActivities,
} from '../contract/activities.js';
import type { PreviewActivities } from '../contract/preview.js';
import type { ReconcileActivities, ReconcileLedgerActivities } from '../contract/reconcile.js';

/** What can happen at a failpoint; docs/failpoints.md says each in a sentence. */
export type Action = 'exit' | 'freeze' | 'throw' | 'delay' | 'repeat';

export type Place = 'broker worker' | 'trade worker' | 'both workers' | 'notifier';

export interface Failpoint {
  /** The process that passes it. */
  readonly process: Place;
  /** Where it stands. */
  readonly sentence: string;
  readonly actions: readonly Action[];
}

const ANYTHING = ['exit', 'freeze', 'throw', 'delay'] as const;
/** Where nobody is left who could be told of an error. */
const NO_THROW = ['exit', 'freeze', 'delay'] as const;

/** Where it stands, in words that fit behind "before" and "after". */
type Row = readonly [process: Place, what: string];

/** Writes to the database: one transaction, or one statement that is its own. */
const COMMITS = {
  'installation.commit': ['both workers', "the commit of the installation's identity at the start"],
  'connection.record': ['broker worker', "the row of the broker's connection is written"],
  'plan.commit': ['both workers', 'the commit of a decision with its reservation and legs'],
  'command.commit': ['trade worker', 'the commit of a command to a trade, or of its refusal'],
  'approval.commit': [
    'trade worker',
    "the commit of a person's word on a trade, or of its refusal",
  ],
  'untaken.commit': ['trade worker', 'the commit that takes back an entry which no worker took'],
  'abandon.commit': ['trade worker', 'the commit that ends a trade which never sent anything'],
  'settle.commit': ['both workers', 'the commit of lots, P&L and release'],
  'judge.commit': [
    'trade worker',
    'the commit of what a result that has changed since it was settled pauses',
  ],
  'enter.claim.commit': ['broker worker', 'the commit that takes a bracket from NEW to SENDING'],
  'withdraw.commit': ['broker worker', 'the commit that says a group was never written'],
  'unknown.commit': ['broker worker', 'the commit that says an entry is of unknown fate'],
  'picture.commit': [
    'broker worker',
    'the commit of what a picture of the broker proves: present, absent, vanished',
  ],
  'pursue.commit': ['broker worker', 'the commit of re-anchored, verified and unanswered exits'],
  'pursue.claim.commit': ['broker worker', 'the commit that claims protective writes'],
  'pursue.abandon.commit': [
    'broker worker',
    'the commit that gives up an entry proven absent late in its story',
  ],
  'trail.commit': ['broker worker', 'the commit of a step that a trailing stop is to make'],
  'written.note': ['broker worker', 'the time of a write is stored'],
  'outcome.mark': ['broker worker', 'the snapshot that an activity answers with is marked as told'],
  'inbox.commit': ['broker worker', "the commit of a trade's callbacks"],
  'inbox.foreign.commit': ['broker worker', 'the commit of callbacks about orders of others'],
  'outside.commit': [
    'broker worker',
    'the commit that books to a trade what was closed of it outside of this system',
  ],
  'adopt.commit': [
    'broker worker',
    'the commit that takes exits into their trade which the database had lost',
  ],
  'baseline.commit': [
    'broker worker',
    'the commit of what an account holds beside the books, as a picture shows it',
  ],
  'reconcile.begin.commit': ['trade worker', "the commit of a reconciliation's row"],
  'reconcile.end.commit': ['trade worker', 'the commit of what a reconciliation found and did'],
  'reconcile.external.commit': [
    'broker worker',
    'the commit that counts shares as external which no trade holds',
  ],
  'reconcile.pause.commit': [
    'broker worker',
    'entries of an account, or of a symbol in it, are paused for what a comparison found',
  ],
  'reconcile.ask.commit': ['broker worker', 'the commit of a question to a person'],
  'reconcile.note.commit': [
    'broker worker',
    "the commit that writes a finding into a trade's own timeline, or mends its reservation",
  ],
  'inbox.aside.commit': ['broker worker', 'a callback that the database refuses is set aside'],
  'delivery.mark': ['both workers', 'the snapshot that was signalled is marked as told'],
  'sweep.mark': ['trade worker', "a swept signal's workflow is marked as started"],
  'lease.take': ['broker worker', 'the connection lease is asked for'],
  'lease.renew': ['broker worker', 'the connection lease is renewed'],
  'lease.release': ['broker worker', 'the connection lease is given up'],
  'generation.record': [
    'broker worker',
    "the connection's generation is written, before the broker is read",
  ],
  'health.publish': ['broker worker', "the connection's health is written"],
  'account.record': ['broker worker', 'an account that the broker reports is written'],
  'account.values.commit': ['broker worker', "the commit of an account's values"],
  'contract.save': ['broker worker', 'a contract is written'],
  'contract.unknown.save': [
    'broker worker',
    'it is written that the broker knows no such contract',
  ],
  'quotes.save': ['broker worker', 'the newest quotes are written'],
  'preview.id.take': ['broker worker', 'an order id is taken for a what-if question'],
  'preview.save': ['broker worker', 'what a preview shows is written'],
  'closes.save': ['broker worker', 'the daily closes of a contract are written'],
  'day.begin.commit': [
    'trade worker',
    "the commit of what an account's loss of the day is measured from",
  ],
  'day.end.commit': ['trade worker', "the commit of a day's close and summary"],
  'archive.delete': ['trade worker', 'callbacks of trades long settled are deleted'],
  'notify.route': ['notifier', 'deliveries are made of what the outbox has'],
  'notify.old': ['notifier', 'deliveries that are too old are given up'],
  'notify.hold': ['notifier', "a channel's lease is asked for"],
  'notify.release': ['notifier', "a channel's lease is given up"],
  'notify.begin': ['notifier', 'it is written down that a delivery is tried'],
  'notify.sent.commit': ['notifier', 'the commit that a delivery has arrived'],
  'notify.failed': ['notifier', 'it is written down that an attempt failed'],
  'notify.missed.commit': ['notifier', 'the commit that sums up what was given up'],
} as const satisfies Record<string, Row>;

/** Other effects with a before and an after. */
const EFFECTS = {
  'delivery.signal': ['both workers', "a trade's workflow is signalled"],
  'delivery.restart': ['broker worker', 'a story that had ended is taken up again'],
  'schedule.write': ['trade worker', 'a schedule is created, updated or deleted'],
  'sweep.start': ['trade worker', 'the workflow of a signal without one is started'],
  'reconcile.start': ['broker worker', 'the reconciliation of an account is started, or joined'],
  'sync.ready': ['broker worker', 'the link is declared ready, all lists having been read'],
  'notify.send': ['notifier', 'a message is handed to its channel'],
  'write.bracket': ['broker worker', 'a bracket is handed to the socket'],
  'write.exits': ['broker worker', 'exits are handed to the socket'],
  'write.modify': ['broker worker', 'a modification is handed to the socket'],
  'write.cancel': ['broker worker', 'a cancel is handed to the socket'],
} as const satisfies Record<string, Row>;

/** Points that have no pair. */
const SINGLES = {
  'write.bracket.between': {
    process: 'broker worker',
    sentence: "Between a bracket's first message, which has left, and the rest, which has not.",
    actions: ANYTHING,
  },
  'write.exits.between': {
    process: 'broker worker',
    sentence: 'Between the first message of two exits, which has left, and the second.',
    actions: ANYTHING,
  },
  'run.continue.before': {
    process: 'trade worker',
    sentence: 'A trade goes on in a new run: decided, and not told to Temporal yet.',
    actions: NO_THROW,
  },
  'run.continue.after': {
    process: 'trade worker',
    sentence: 'A trade goes on in a new run: its first task is done, and not told to Temporal yet.',
    actions: NO_THROW,
  },
} as const satisfies Record<string, Failpoint>;

export type ActivityName =
  | keyof LocalActivities
  | keyof LedgerActivities
  | keyof EntryActivities
  | keyof ProtectActivities
  | keyof DayActivities
  | keyof AccountActivities
  | keyof ReconcileLedgerActivities
  | keyof ReconcileActivities
  | keyof PreviewActivities;

/** Every activity, with the process that runs it. */
const ACTIVITIES: Readonly<Record<ActivityName, Place>> = {
  plan: 'trade worker',
  decideApproval: 'trade worker',
  recordCommand: 'trade worker',
  withdrawEntry: 'trade worker',
  settle: 'trade worker',
  abandon: 'trade worker',
  warmMarket: 'broker worker',
  enter: 'broker worker',
  lookUpEntry: 'broker worker',
  pursue: 'broker worker',
  beginDay: 'trade worker',
  endDay: 'trade worker',
  fetchValues: 'broker worker',
  verifyAccount: 'broker worker',
  sweepAccount: 'broker worker',
  beginReconcile: 'trade worker',
  endReconcile: 'trade worker',
  lookForReconcile: 'broker worker',
  settleReconcile: 'broker worker',
  makePreview: 'broker worker',
};

type PairsOf<K extends string> = Record<`${K}.before` | `${K}.after`, Failpoint>;
type ActivityPoint = `activity.${ActivityName}.${'started' | 'done' | 'reported'}`;

function pairs<K extends string>(rows: Readonly<Record<K, Row>>): PairsOf<K> {
  const entries = Object.entries<Row>(rows).flatMap(([name, [process, what]]) => [
    [`${name}.before`, { process, sentence: `Before ${what}.`, actions: ANYTHING }],
    [`${name}.after`, { process, sentence: `After ${what}.`, actions: ANYTHING }],
  ]);
  return Object.fromEntries(entries) as PairsOf<K>;
}

function activityPoints(): Record<ActivityPoint, Failpoint> {
  const entries = Object.entries(ACTIVITIES).flatMap(([name, process]) => {
    const [started, done, reported] = ['started', 'done', 'reported'].map(
      (moment) => `activity.${name}.${moment}`,
    );
    return [
      [started, { process, sentence: `\`${name}\` was taken, nothing done.`, actions: ANYTHING }],
      [
        done,
        {
          process,
          sentence: `\`${name}\` has had its effect, its completion is not told.`,
          actions: [...ANYTHING, 'repeat'],
        },
      ],
      [
        reported,
        { process, sentence: `The completion of \`${name}\` is told.`, actions: NO_THROW },
      ],
    ];
  });
  return Object.fromEntries(entries) as Record<ActivityPoint, Failpoint>;
}

/** What `around` and `transact` are given: they add `.before` and `.after`. */
export type PairName = keyof typeof COMMITS | keyof typeof EFFECTS;
export type FailpointName = keyof PairsOf<PairName> | keyof typeof SINGLES | ActivityPoint;

/** All of them. */
export const FAILPOINTS: Readonly<Record<FailpointName, Failpoint>> = {
  ...pairs(COMMITS),
  ...pairs(EFFECTS),
  ...SINGLES,
  ...activityPoints(),
};

/** The two that a workflow passes. */
export type RunFailpoint = 'run.continue.before' | 'run.continue.after';

/** In the order of the table. */
export const FAILPOINT_NAMES = Object.keys(FAILPOINTS) as FailpointName[];

/** Whether a text names a failpoint. */
export function isFailpointName(name: string): name is FailpointName {
  return Object.hasOwn(FAILPOINTS, name);
}

/** Whether an activity of that name has failpoints. */
export function isActivityName(name: string): name is ActivityName {
  return Object.hasOwn(ACTIVITIES, name);
}
