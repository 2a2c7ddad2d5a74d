/**
 * A process that submits signals, as a signal generator of its own does: it is told where and which, says when it
 * is connected, and submits all of them at once when it is told to. Started by `submitting.ts`.
 */
import { FrontDoor } from '../stack/front-door.js';

export interface SubmitterTask {
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly signals: readonly Readonly<Record<string, unknown>>[];
}

export type SubmitterWord =
  | { readonly kind: 'open' }
  | { readonly kind: 'taken'; readonly signal: string; readonly tradeId: string }
  | { readonly kind: 'failed'; readonly reason: string };

const say = (word: SubmitterWord) => process.send?.(word);

let door: FrontDoor;
let signals: SubmitterTask['signals'];

async function open(task: SubmitterTask): Promise<void> {
  door = new FrontDoor(task.databaseUrl, task.temporalAddress);
  await door.open();
  signals = task.signals;
  say({ kind: 'open' });
}

async function submitAll(): Promise<void> {
  await Promise.all(
    signals.map(async (signal) => {
      const tradeId = await door.submit(signal);
      say({ kind: 'taken', signal: String(signal['id']), tradeId });
    }),
  );
  await door.close();
  process.disconnect();
}

const tell = (error: unknown) => {
  say({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
  if (process.connected) process.disconnect();
};

process.on('message', (word: SubmitterTask | 'go') => {
  (word === 'go' ? submitAll() : open(word)).catch(tell);
});
// Whoever started it is gone.
process.on('disconnect', () => process.exit());
