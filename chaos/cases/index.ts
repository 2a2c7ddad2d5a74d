/**
 * Every case, in the order in which they are played: those that need the same stack side by side, and
 * first those that must have it to themselves: what others leave behind may still send.
 */
import { ANSWERS } from './answers.js';
import type { Case } from './case.js';
import { CLOSING } from './closing.js';
import { PROMISE_CASES } from './promise.js';
import { SENDING, SENDING_SLOWLY } from './sending.js';
import { TAKEOVER } from './takeover.js';

export const CASES: readonly Case[] = [
  ...TAKEOVER,
  ...CLOSING,
  ...SENDING,
  ...ANSWERS,
  ...SENDING_SLOWLY,
  ...PROMISE_CASES,
];
