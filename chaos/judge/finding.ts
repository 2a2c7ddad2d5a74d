/** What a run can be found guilty of. */

export const FINDING_KINDS = {
  duplicate: 'an entry was sent twice, under the same or another reference',
  overfill: 'entries filled more than the approved quantity',
  unlisted: 'an entry was sent that belongs to no signal',
  unprotected: 'shares were held without an armed stop',
  excess: 'exits could have filled more than was held',
  pacing: 'more messages a second than the broker takes',
  staged: 'a half-sent group was left behind at the broker',
  lost: 'a trade did not come to its end',
  books: 'the database and the broker disagree',
  denied: 'a signal was denied for a reason that the disturbance does not justify',
  unfilled: 'a trade ended without having been filled and closed',
  unknown: 'an order of unknown fate was left',
  'after-halt': 'an entry was written after the halt file was there',
  split: 'an order was sent across a split that nobody has looked at',
  replay: "a workflow's task failed, or its history can't be replayed",
  unlike: 'a step that ran again came to something else',
  unanswered: 'a command found no answer',
  unreached: 'a step that was to be disturbed was reached by no trade',
  broke: 'the run could not be played to its end',
  untold: 'a message did not arrive, arrived twice, or before an earlier one of its trade',
  limit: 'a limit was breached at some instant',
  verdict: 'a decision does not follow from what is on record of it',
  slow: 'a process did not end within the time it has for that',
} as const;

export type FindingKind = keyof typeof FINDING_KINDS;

export interface Finding {
  readonly kind: FindingKind;
  /** The trade's name in the run, or a symbol; empty when it concerns the whole run. */
  readonly subject: string;
  readonly detail: string;
}
