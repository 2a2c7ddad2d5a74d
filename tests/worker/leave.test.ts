/** A worker that lost what it works with leaves what it has in hand to others. */
import { expect, test } from '@jest/globals';
import type { Context } from '@temporalio/activity';
import type { ActivityExecuteInput } from '@temporalio/worker';
import { leavingWhen } from '../../worker/leave.js';
import { Stopped } from '../../worker/process.js';

const INPUT: ActivityExecuteInput = { args: [], headers: {} };

function executing(signal: AbortSignal, work: () => Promise<unknown>): Promise<unknown> {
  const { inbound } = leavingWhen(signal)({} as Context);
  return inbound!.execute!(INPUT, work);
}

test('[BRK-2] an activity that hangs fails as soon as the lease is lost', async () => {
  const lost = new AbortController();
  const hanging = executing(lost.signal, () => new Promise(() => undefined));
  lost.abort('the lease was lost');
  await expect(hanging).rejects.toEqual(new Stopped('the lease was lost'));
});

test('[BRK-2] one that comes later fails at once', async () => {
  const lost = AbortSignal.abort('the lease was lost');
  await expect(executing(lost, () => new Promise(() => undefined))).rejects.toThrow(Stopped);
});

test('until then an activity gives what it gives', async () => {
  const { signal } = new AbortController();
  await expect(executing(signal, async () => 'done')).resolves.toBe('done');
  await expect(executing(signal, async () => Promise.reject(new Error('no')))).rejects.toThrow(
    'no',
  );
});
