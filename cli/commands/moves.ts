/** `ballast move-stop`, `ballast move-target`, `ballast trail`: moving the exits of an open trade. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { CommandTerms } from '../../app/commands.js';
import { decimal, text } from '../../domain/money.js';
import { CliError, EXIT } from '../exit.js';
import { withCommandApp } from '../stack.js';
import { command, type CommandOptions } from './command.js';
import type { Register } from './context.js';

interface MoveOptions extends CommandOptions {
  readonly widen?: boolean;
}

interface TrailOptions extends CommandOptions {
  readonly amount?: string;
  readonly percent?: string;
}

export const registerMoves: Register = (program, { io, finish }) => {
  const give = async (
    kind: 'move_stop' | 'move_target' | 'trail',
    trade: string,
    terms: CommandTerms,
    options: CommandOptions,
  ) => finish(await withCommandApp(io, (app) => command(io, app, { kind, terms }, trade, options)));
  const stop = named(program, 'move-stop')
    .argument('<price>', 'on the tick, below the market for a long, above it for a short', priceOf)
    .option('--widen', 'let it risk more than the stop that stands');
  withCommon(stop).action((trade: string, price: string, { widen = false, ...rest }: MoveOptions) =>
    give('move_stop', trade, { price, widen }, rest),
  );
  const target = named(program, 'move-target');
  withCommon(target.argument('<price>', 'on the tick, beyond the market', priceOf)).action(
    (trade: string, price: string, options: CommandOptions) =>
      give('move_target', trade, { price }, options),
  );
  const trail = named(program, 'trail')
    .addOption(new Option('--amount <price>', 'so far behind it').argParser(priceOf))
    .addOption(
      new Option('--percent <percent>', 'so many percent behind it, such as 2').argParser(priceOf),
    );
  withCommon(trail).action((trade: string, options: TrailOptions) =>
    give('trail', trade, { trail: trailOf(options) }, options),
  );
};

function named(program: Command, name: string): Command {
  return program
    .command(name)
    .argument('<trade>', "its id, the beginning of its id, or its signal's id");
}

function withCommon(command: Command): Command {
  return command
    .option('--key <key>', 'idempotency key: the same key is the same command')
    .option('-w, --watch', 'then print what happens until the end')
    .option('--json', 'print the answer as JSON');
}

function trailOf({ amount, percent }: TrailOptions): NonNullable<CommandTerms['trail']> {
  if (amount !== undefined && percent === undefined) return { amount };
  if (percent !== undefined && amount === undefined) {
    return { fraction: text(decimal(percent).div(100)) };
  }
  throw new CliError(EXIT.usage, 'a trail needs one of --amount and --percent');
}

function priceOf(value: string): string {
  const price = /^\d+(\.\d+)?$/.test(value) ? decimal(value) : null;
  if (price?.gt(0)) return text(price);
  throw new InvalidArgumentError('allowed is a decimal above zero.');
}
