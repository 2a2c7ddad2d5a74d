/** Loaded before a process of the stack: its `Date` tells the time of the stack's clock. */
import { aheadMsIn, CLOCK_FILE } from './clock.js';

const aheadMs = aheadMsIn(process.env[CLOCK_FILE] ?? '');
const RealDate = Date;

class StackDate extends RealDate {
  constructor(...given: readonly unknown[]) {
    if (given.length === 0) super(StackDate.now());
    else super(...(given as [string]));
  }

  static override now(): number {
    return RealDate.now() + aheadMs;
  }
}

if (aheadMs !== 0) globalThis.Date = StackDate as DateConstructor;
