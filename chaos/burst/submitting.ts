/** Several processes that submit at the same moment. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/lib/paths.mjs';
import type { ChaosStack } from '../stack/stack.js';
import type { BurstSignal } from './signals.js';
import type { SubmitterTask, SubmitterWord } from './submitter.js';

export interface Submitted {
  /** When all were told to begin. */
  readonly startedAtMs: number;
  /** Trade by signal; grows while they are being taken. */
  readonly tradeIds: ReadonlyMap<string, string>;
  /** Resolves when all were taken. @throws Error when one could not be */
  readonly done: Promise<void>;
}

const PROCESSES = 4;

/** Starts the processes, waits until each is connected, and lets all of them go at once. */
export async function submitAtOnce(
  stack: ChaosStack,
  signals: readonly BurstSignal[],
): Promise<Submitted> {
  const script = join(projectRoot(), 'dist', 'chaos', 'burst', 'submitter.js');
  const tradeIds = new Map<string, string>();
  const children = Array.from({ length: PROCESSES }, () => fork(script, { stdio: 'inherit' }));
  try {
    const opened = children.map((child, index) => {
      const own = signals.filter((_, at) => at % PROCESSES === index);
      return opens(child, { ...stack.addresses, signals: own.map(({ body }) => body) });
    });
    await Promise.all(opened);
  } catch (error) {
    for (const child of children) child.kill('SIGKILL');
    throw error;
  }
  const startedAtMs = Date.now();
  const done = Promise.all(children.map((child) => submits(child, tradeIds))).then(() => undefined);
  // Whoever waits for it later is told; until then it is nobody's failure.
  done.catch(() => undefined);
  return { startedAtMs, tradeIds, done };
}

async function opens(child: ChildProcess, task: SubmitterTask): Promise<void> {
  child.send(task);
  const [word] = (await Promise.race([once(child, 'message'), ended(child)])) as [SubmitterWord];
  if (word.kind === 'failed') throw new Error(`a submitter could not open: ${word.reason}`);
}

async function ended(child: ChildProcess): Promise<[SubmitterWord]> {
  await once(child, 'exit');
  return [{ kind: 'failed', reason: 'it ended' }];
}

async function submits(child: ChildProcess, tradeIds: Map<string, string>): Promise<void> {
  const failures: string[] = [];
  child.on('message', (word: SubmitterWord) => {
    if (word.kind === 'taken') tradeIds.set(word.signal, word.tradeId);
    if (word.kind === 'failed') failures.push(word.reason);
  });
  child.send('go');
  await once(child, 'exit');
  if (failures.length > 0) throw new Error(`a submitter failed: ${failures.join(', ')}`);
}
