/** `ballast close` and `ballast cancel`: commands to a trade, once each whoever repeats them. */
import { randomUUID } from 'node:crypto';
import { WorkflowNotFoundError } from '@temporalio/client';
import { commandTrade } from '../../client/trades.js';
import type { CommandAnswer } from '../../contract/workflows.js';
import { CliError, EXIT, type ExitCode } from '../exit.js';
import { followTrade } from '../follow.js';
import type { Io } from '../io.js';
import { lineText } from '../life.js';
import { jsonText } from '../print.js';
import { actorName, withStack, type Stack } from '../stack.js';
import type { Register } from './context.js';
import { tradeIdNamed } from './trades.js';

type Kind = 'close' | 'cancel_entry';

interface CommandOptions {
  readonly key?: string;
  readonly watch?: boolean;
  readonly json?: boolean;
}

/** A trade worker that runs answers in milliseconds; a longer silence means that none does. */
const ANSWER_TIMEOUT_MS = 30_000;

export const registerCommands: Register = (program, { io, finish }) => {
  const add = (name: string, kind: Kind, description: string) =>
    program
      .command(name)
      .description(description)
      .argument('<trade>', "its id, the beginning of its id, or its signal's id")
      .option('--key <key>', 'idempotency key: the same key is the same command')
      .option('-w, --watch', 'then print what happens until the end')
      .option('--json', 'print the answer as JSON')
      .action(async (trade: string, options: CommandOptions) => {
        finish(await withStack(io, (stack) => command(io, stack, kind, trade, options)));
      });
  add('close', 'close', 'close a position now, and what of its entry still works');
  add(
    'cancel',
    'cancel_entry',
    'cancel what of an entry is unfilled; what is held stays protected',
  );
};

async function command(
  io: Io,
  stack: Stack,
  kind: Kind,
  name: string,
  { key = randomUUID(), watch, json }: CommandOptions,
): Promise<ExitCode> {
  const tradeId = await tradeIdNamed(stack, name);
  const answer = await sendCommand(stack, tradeId, kind, key);
  const { verdict, reason } = answer;
  if (json) io.out(jsonText({ trade_id: tradeId, kind, key, ...answer }));
  else io.out(`${verdict}${reason ? `: ${reason}` : ''}\n`);
  if (verdict === 'refused') return EXIT.failed;
  if (watch) {
    await followTrade(stack.db, stack.userId, tradeId, {
      until: 'end',
      deadlineMs: null,
      onOutage: (message) => io.err(`${message}\n`),
      onLines: (lines, { created_at: startedAt }) => {
        if (!json) for (const line of lines) io.out(`${lineText(io, line, startedAt)}\n`);
      },
    });
  }
  return EXIT.ok;
}

/**
 * Sends a command through the trade's workflow and waits for its answer.
 * @throws CliError when the trade is over, or no trade worker answers in time
 */
export async function sendCommand(
  stack: Stack,
  tradeId: string,
  kind: Kind,
  key: string,
): Promise<CommandAnswer> {
  const client = await stack.temporal();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(unanswered(key)), ANSWER_TIMEOUT_MS);
  });
  try {
    const sent = commandTrade(client, tradeId, kind, { key, actor: actorName() });
    return await Promise.race([sent, late]);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    return { verdict: 'refused', reason: 'the trade is over' };
  } finally {
    clearTimeout(timer);
  }
}

function unanswered(key: string): CliError {
  return new CliError(
    EXIT.unreachable,
    `no trade worker answered within ${ANSWER_TIMEOUT_MS / 1_000} s: see "ballast doctor", then ` +
      `give the same command with --key ${key}, which can't be carried out twice`,
  );
}
