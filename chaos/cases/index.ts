/**
 * Every case, in the order in which they are played: those that need the same stack side by side, and
 * first those that must have it to themselves: what others leave behind may still send.
 */
import { ACTIVITY_CASES } from './activities.js';
import { ANSWERS } from './answers.js';
import { BURST } from './burst.js';
import type { Case } from './case.js';
import { CLOSING } from './closing.js';
import { ENTERING } from './entering.js';
import { FIRST_TASK_CASES } from './first-task.js';
import { MAIL } from './mail.js';
import { MIDNIGHT } from './midnight.js';
import { MINUTES } from './minutes.js';
import { OUTAGES } from './outage.js';
import { PROMISE_CASES } from './promise.js';
import { RESET_CASES } from './resets.js';
import { SENDING, SENDING_SLOWLY } from './sending.js';
import { TAKEOVER_TIMES } from './takeover-times.js';
import { TAKEOVER } from './takeover.js';

export const CASES: readonly Case[] = [
  ...TAKEOVER,
  ...CLOSING,
  ...ENTERING,
  ...SENDING,
  ...ANSWERS,
  ...OUTAGES,
  ...SENDING_SLOWLY,
  ...PROMISE_CASES,
  ...ACTIVITY_CASES,
  ...RESET_CASES,
  ...FIRST_TASK_CASES,
  ...MINUTES,
  ...MIDNIGHT,
  ...MAIL,
  ...BURST,
  ...TAKEOVER_TIMES,
];

/** Those whose name begins with one of these; all without any, but what is played only by its whole name. */
export function casesNamed(names: readonly string[]): Case[] {
  return CASES.filter(({ name, onlyByName }) => {
    if (names.includes(name)) return true;
    if (onlyByName) return false;
    return names.length === 0 || names.some((beginning) => name.startsWith(beginning));
  });
}
