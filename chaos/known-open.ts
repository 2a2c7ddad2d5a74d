/**
 * What is known to fail today: the finding's id, and what it looks like. The list can only shrink
 * truthfully: a case listed here that passes fails the session, and so does a failure that isn't listed.
 */
import type { Finding, FindingKind } from './judge/finding.js';

export interface KnownOpen {
  /** Id of the defect's record, or of the requirement that is not met yet. */
  readonly id: string;
  readonly what: string;
  /** Names of cases that fail because of it. */
  readonly cases: readonly string[];
  /** How it shows in runs: kinds of findings, under disturbances whose name begins so (any: all). */
  readonly inRuns?: {
    readonly kinds: readonly FindingKind[];
    readonly under: readonly string[] | 'any';
    /** Only when the finding's detail or subject matches. */
    readonly detail?: RegExp;
  };
}

/** Denials that an outage of seconds causes today. */
const OUTAGE_CODES =
  '(BROKER_UNAVAILABLE|ACCOUNT_NOT_AUTHORIZED|NO_QUOTE|DATA_UNAVAILABLE|QUOTE_STALE)';
/** All of a denial's codes, or an entry that a person took back because it was not sent for so long. */
const OUTAGE = new RegExp(`: ${OUTAGE_CODES}(, ${OUTAGE_CODES})*$|cancelled before it was sent`);

export const KNOWN_OPEN: readonly KnownOpen[] = [
  {
    id: 'T1',
    what: 'A story ends while it holds shares: a bust that comes while it settles is never looked at.',
    cases: ['T1-bust-while-settling'],
  },
  {
    id: 'T2',
    what: 'A close that the broker never got leaves the shares naked: the wait for it never ends.',
    cases: ['T2-lost-close'],
  },
  {
    id: 'T3',
    what: 'A limit farther than the price deviation never enters: the check is meant for market orders.',
    cases: ['T3-patient-limit'],
  },
  {
    id: 'T5',
    what: 'A worker that wakes up with a refusal wipes what another has sent meanwhile.',
    cases: ['T5-late-refusal'],
    // Frozen between giving an entry up and saying so, it wakes with an answer that is of the past.
    inRuns: {
      kinds: ['duplicate', 'overfill', 'unprotected', 'lost'],
      under: ['unknown.commit.after=freeze'],
    },
  },
  {
    id: 'T6',
    what: 'A command to a trade without a snapshot throws in its handler, and the task fails again and again.',
    cases: ['T6-early-command'],
  },
  {
    id: 'T7',
    what: 'The halt file is read before an entry waits for the line, and not when it is written.',
    cases: ['T7-halted-queue'],
  },
  {
    id: 'T10',
    what: 'A refused cancel makes the order live again: it is repeated at once, and a dead stop counts.',
    cases: ['T10-refused-cancel', 'T10-dead-stop'],
  },
  {
    id: 'T16',
    what: 'Exits that the broker would not move are shown as no protection, though they work.',
    cases: ['T16-refused-move'],
  },
  {
    id: 'T17',
    what: 'An entry whose cancel is answered with "over already" is cancelled for ever, its fill naked.',
    cases: ['T17-refused-stop-and-cancel'],
  },
  {
    id: 'T18',
    what: 'A bracket that was cut in its middle is given up, and its first orders are left behind.',
    cases: ['T18-cut-bracket'],
    inRuns: {
      kinds: ['staged', 'unfilled'],
      under: 'any',
      detail: /stagedGroupsLeftBehind grew by 1$|never had it/,
    },
  },
  {
    id: 'B1',
    what: 'Order ids are issued before the line: protection that overtakes kills the entries that wait.',
    cases: ['B1-overtaken-queue'],
  },
  {
    id: 'B2',
    what: 'A resend under old ids gets 103 when anything was sent since, and the trade is given up.',
    cases: ['B2-overtaken-resend'],
  },
  {
    id: 'U2',
    what: 'A close without a target cancels the stop before it sells.',
    cases: ['U2-bare-close'],
    // For as long as a process stands still between the cancel and the sale.
    inRuns: { kinds: ['unprotected'], under: 'any', detail: /ms \(.*bare close/ },
  },
  {
    id: 'U1',
    what: 'A command recorded beside other local activities leaves a history that cannot be replayed.',
    cases: ['U1-reset-reapplies-update', 'U1-command-in-first-task'],
  },
  {
    id: 'T11',
    what: 'A reset of an abandoned trade plans again and sends.',
    cases: ['T11-reset-abandoned'],
  },
  {
    id: 'T19',
    what: 'Signals are denied for outages of a few seconds.',
    cases: ['T19-link-down-burst'],
    inRuns: { kinds: ['denied', 'unfilled'], under: 'any', detail: OUTAGE },
  },
  {
    id: 'TRD-4',
    what: 'A modification of an exit that crosses its part fill brings back what the broker had reduced.',
    cases: [],
    inRuns: { kinds: ['excess'], under: 'any', detail: /for \d{1,3} ms \(.*trade-4: target/ },
  },
  {
    id: 'TRD-12',
    what: 'An entry that is busted leaves its exits at the broker until somebody looks.',
    cases: [],
    inRuns: { kinds: ['excess', 'unfilled'], under: ['execution-bust'] },
  },
  {
    id: 'REC-5',
    what: 'Exits are placed again across a split, at the prices of before it.',
    cases: ['P-split'],
  },
];

/** The known defect that a finding of a run shows; null when it is news. */
export function knownAs(finding: Finding, disturbances: readonly string[]): KnownOpen | null {
  const found = KNOWN_OPEN.find(({ inRuns }) => {
    if (!inRuns || !inRuns.kinds.includes(finding.kind)) return false;
    const { under, detail } = inRuns;
    const fits =
      under === 'any' ||
      disturbances.some((name) => under.some((beginning) => name.startsWith(beginning)));
    return fits && (detail === undefined || detail.test(`${finding.subject}: ${finding.detail}`));
  });
  return found ?? null;
}
