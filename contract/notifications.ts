/**
 * What people are told of (NTF-1): the closed list of kinds, and the ways on which they are told. Whoever writes to the
 * outbox names a kind of this list; the reference page and the setting that leaves kinds out are made from it.
 */
import { FINDING_KINDS, type FindingKind } from '../domain/reconcile/finding.js';

const KINDS = {
  approval_wanted: 'a signal waits for a person to approve it',
  placed: 'the broker has the entry of a trade, with its stop',
  filled: 'an entry has filled, wholly or as far as it will; of a limit order also its first part',
  rejected: 'the broker has refused an entry',
  denied: 'sizing or a risk rule has denied a signal',
  closed: 'a trade is over, with its result',
  ended: 'a trade is over without a fill',
  failed: 'a trade was given up, or failed, before anything was sent',
  adjusted: 'the result of a closed trade has changed: a late commission, a correction, a bust',
  paused_loss: 'the loss of the day has reached its limit: no entry until the next day begins',
  paused_streak: 'losses in a row have paused a strategy until the next trading day begins',
  locked: 'a protection holds back a strategy, or a symbol or side of it, for a while',
  mass_breach: 'entries of an account are paused: too many trades lost their protection at once',
  recovery:
    'entries of an account are paused: too much at the broker is unexplained (recovery mode)',
  quarantine: 'a symbol is quarantined until a person has looked',
  mode: 'a person has changed a mode: ACTIVE, REDUCING or HALTED',
  halted: 'the halt file was written',
  resumed: 'pauses, or the halt file, were taken away',
  link_down: 'the link to the broker has been down for a while (disconnected)',
  link_up: 'it is back, after it was told as down',
  breach: 'shares were unprotected, or exits could sell too much, for longer than a moment',
  flatten:
    'shares are sold at the market because no stop could be had for them; nobody had asked for it',
  exits_wanting: 'before the open, the exits of a trade are not as they should be',
  overfilled: 'exits sold more than a trade held',
  entry_unknown: 'nobody can tell whether the broker has an entry',
  unknown_at_midnight: 'an order is of unknown fate, and the lists that could tell end at midnight',
  executions_missing: 'executions that a status told of have not come',
  execution_busted: 'the broker took back a fill, wholly or in part',
  result_in_doubt: 'the result of a trade may not be what its own fills say',
  external_position: 'shares that no trade holds are counted as external',
  facts_stuck: 'what the broker told can not be booked; it is kept and tried again',
  fact_set_aside: 'a fact of the broker can not be stored, and was set aside',
  database_old: 'the broker knows orders that the database lacks: a restored backup',
  silent:
    'the broker worker, the database or the notifier gives no sign of life; told by the watchdog itself',
  heard_again: 'it is heard again',
  test: 'asked for by "ballast notify test"',
  missed: 'messages that were given up are summed up, once the channel works again',
} as const;

export type NotificationKind = keyof typeof KINDS | `reconcile_${FindingKind}`;

/** Every kind with what it means, in the order of the reference page. */
export const NOTIFICATION_KINDS: Readonly<Record<NotificationKind, string>> = {
  ...KINDS,
  ...(Object.fromEntries(
    Object.entries(FINDING_KINDS).map(([kind, what]) => [
      `reconcile_${kind}`,
      `a comparison with the broker asks a person: ${what}`,
    ]),
  ) as Record<`reconcile_${FindingKind}`, string>),
};

/** Whether a text names a kind. */
export function isNotificationKind(name: string): name is NotificationKind {
  return Object.hasOwn(NOTIFICATION_KINDS, name);
}

/** What was asked for by hand, or is about the messages themselves, is not left out. */
export const ALWAYS_SENT: readonly NotificationKind[] = ['test', 'missed'];

/** The ways to people, in the order they are listed. */
export const CHANNEL_NAMES = ['email', 'discord', 'telegram', 'webhook'] as const;
export type ChannelName = (typeof CHANNEL_NAMES)[number];
