/** What every command is given, and how it hands its end back. */
import type { Command } from 'commander';
import type { ExitCode } from '../exit.js';
import type { Io } from '../io.js';

export interface CommandContext {
  readonly io: Io;
  /** Called once by the command that ran. */
  finish(code: ExitCode): void;
  /** Every command with what it takes: loading it takes a second. */
  wholeProgram(): Promise<Command>;
}

/** Adds one command to the program. */
export type Register = (program: Command, context: CommandContext) => void;
