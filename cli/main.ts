/** The `ballast` command: reads the command line, runs one command, says how it ended. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { projectRoot } from '../scripts/lib/paths.mjs';
import { registerAccount } from './commands/account.js';
import { registerApprovals } from './commands/approvals.js';
import { registerAudit } from './commands/audit.js';
import { registerCommands } from './commands/command.js';
import { registerMoves } from './commands/moves.js';
import type { CommandContext, Register } from './commands/context.js';
import { registerDoctor } from './commands/doctor.js';
import { registerEquity } from './commands/equity.js';
import { registerFlex } from './commands/flex.js';
import { registerHalt } from './commands/halt.js';
import { registerMode } from './commands/mode.js';
import { registerNotify } from './commands/notify.js';
import { registerParts } from './commands/parts.js';
import { registerReconcile } from './commands/reconcile.js';
import { registerResolve } from './commands/resolve.js';
import { registerSchedules } from './commands/schedules.js';
import { registerSignal } from './commands/signal.js';
import { registerSize } from './commands/size.js';
import { registerToken } from './commands/token.js';
import { registerPositions, registerTrades } from './commands/trades.js';
import { registerWatch } from './commands/watch.js';
import { NotReachableError } from '../app/app.js';
import { plainMessage } from '../app/plain-message.js';
import { CliError, EXIT, type ExitCode } from './exit.js';
import { jsonLine } from './print.js';
import { endWithReader, processIo, type Io } from './io.js';

/** In the order of the help page. */
const COMMANDS: readonly Register[] = [
  registerParts,
  registerDoctor,
  registerSize,
  registerSignal,
  registerTrades,
  registerPositions,
  registerWatch,
  registerAccount,
  registerEquity,
  registerApprovals,
  registerCommands,
  registerMoves,
  registerHalt,
  registerReconcile,
  registerFlex,
  registerMode,
  registerResolve,
  registerSchedules,
  registerNotify,
  registerAudit,
  registerToken,
];

const EXIT_CODES = `
exit codes: 0 ok, 1 refused or failed, 2 usage, 3 a part doesn't answer
Every command takes --help. Data goes to stdout, progress to stderr; NO_COLOR is respected.`;

/**
 * Runs one command.
 * @param argv what follows the command's name
 * @param io where it reads and writes; the process's own streams unless a test says otherwise
 * @returns the exit code
 */
export async function main(argv: readonly string[], io: Io = commandIo()): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const program = programOf({ io, finish: (end) => (code = end) });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    return endOf(io, error, argv.includes('--json'));
  }
}

function commandIo(): Io {
  endWithReader();
  return processIo();
}

function programOf(context: CommandContext): Command {
  const program = new Command('ballast')
    .description('durable trade execution for Interactive Brokers')
    .version(versionOf(), '-V, --version')
    .enablePositionalOptions()
    .addHelpText('after', EXIT_CODES)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.io.out(text),
      writeErr: (text) => context.io.err(text),
    });
  for (const register of COMMANDS) register(program, context);
  return program;
}

function versionOf(): string {
  const read = createRequire(import.meta.url);
  return (read(join(projectRoot(), 'package.json')) as { version: string }).version;
}

/** What went wrong, in words and for programs as an object, and the exit code for it. */
function endOf(io: Io, error: unknown, asJson: boolean): ExitCode {
  if (error instanceof CommanderError) {
    // Help and version that were asked for are no mistakes; commander has printed the rest.
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  const message = plainMessage(error);
  const exitCode = codeOf(error);
  io.err(`${message}\n`);
  if (asJson) io.out(jsonLine({ error: { code: NAMES[exitCode], message } }));
  if (io.env['BALLAST_DEBUG'] && error instanceof Error) io.err(`${error.stack}\n`);
  return exitCode;
}

/** The ends as programs read them. */
const NAMES = { 0: 'OK', 1: 'FAILED', 2: 'USAGE', 3: 'UNREACHABLE' } as const;

function codeOf(error: unknown): ExitCode {
  if (error instanceof NotReachableError) return EXIT.unreachable;
  return error instanceof CliError ? error.exitCode : EXIT.failed;
}
