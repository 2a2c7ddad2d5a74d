/** The `ballast` command: reads the command line, runs one command, says how it ended. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Command, CommanderError, Help } from 'commander';
import { projectRoot } from '../scripts/lib/paths.mjs';
import type { CommandContext } from './commands/context.js';
import { COMMANDS, type CommandGroup } from './commands/index.js';
import { NotReachableError } from '../app/not-reachable.js';
import { plainMessage } from '../app/plain-message.js';
import { CliError, EXIT, type CliErrorOptions, type ExitCode } from './exit.js';
import { jsonLine } from './print.js';
import { endWithReader, processIo, type Io } from './io.js';
import { withTrace } from './tracing.js';

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
  const context: CommandContext = {
    io,
    finish: (end) => (code = end),
    wholeProgram: () => programOf(context, () => true),
  };
  try {
    const chosen = chosenOf(argv);
    const program = await programOf(
      context,
      ({ commands }) => chosen !== undefined && chosen in commands,
    );
    await withTrace(io, chosen, () => program.parseAsync([...argv], { from: 'user' }));
    return code;
  } catch (error) {
    return endOf(io, error, argv.includes('--json'));
  }
}

function commandIo(): Io {
  endWithReader();
  return processIo();
}

/** The command that is run, or asked about. Options of the program itself take no value. */
function chosenOf(argv: readonly string[]): string | undefined {
  const [name, asked] = argv.filter((word) => !word.startsWith('-'));
  return name === 'help' ? asked : name;
}

/** Groups that are wanted, whole; of the others what the help page says. */
async function programOf(
  context: CommandContext,
  isWanted: (group: CommandGroup) => boolean,
): Promise<Command> {
  const program = new Command('ballast')
    .description('durable trade execution for Interactive Brokers')
    .version(versionOf(), '-V, --version')
    .enablePositionalOptions()
    .addHelpText('after', EXIT_CODES)
    .exitOverride()
    .configureHelp({ subcommandTerm })
    .configureOutput({
      writeOut: (text) => context.io.out(text),
      writeErr: (text) => context.io.err(text),
    });
  for (const group of COMMANDS) {
    if (isWanted(group)) (await group.load())(program, context);
    describe(program, group, isWanted(group));
  }
  return program;
}

/** Gives a group's commands their summaries; those that are not loaded are there for the help page alone. */
function describe(program: Command, { commands }: CommandGroup, isLoaded: boolean): void {
  for (const [name, { summary }] of Object.entries(commands)) {
    const command = isLoaded
      ? program.commands.find((each) => each.name() === name)
      : program.command(name);
    command?.description(summary);
  }
}

/** How a list of commands names one: of the program's own it knows the usage without loading them. */
function subcommandTerm(command: Command): string {
  const name = command.name();
  const group = command.parent?.parent
    ? undefined
    : COMMANDS.find(({ commands }) => name in commands);
  if (group === undefined) return Help.prototype.subcommandTerm(command);
  return `${name} ${group.commands[name]!.usage}`.trim();
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
  if (asJson) io.out(jsonLine({ error: { code: NAMES[exitCode], message, ...moreOf(error) } }));
  if (io.env['BALLAST_DEBUG'] && error instanceof Error) io.err(`${error.stack}\n`);
  return exitCode;
}

/** The ends as programs read them. */
const NAMES = { 0: 'OK', 1: 'FAILED', 2: 'USAGE', 3: 'UNREACHABLE' } as const;

/** What a refusal says of itself, in the words of every surface. */
function moreOf(error: unknown): Pick<CliErrorOptions, 'code' | 'issues'> {
  if (!(error instanceof CliError)) return {};
  const { code, issues } = error;
  return { ...(code && { code }), ...(issues && { issues }) };
}

function codeOf(error: unknown): ExitCode {
  if (error instanceof NotReachableError) return EXIT.unreachable;
  return error instanceof CliError ? error.exitCode : EXIT.failed;
}
