/** `ballast account`: the day of each account so far, and cash that was moved into it or out of it (RSK-8). */
import { Option, type Command } from 'commander';
import { accountDays, listMovements, tellMovement, type MovementAnswer } from '../../app/cash.js';
import type { DayView } from '../../contract/views.js';
import type { MovementKind } from '../../domain/cash-movement.js';
import { CliError, EXIT, notFound, type ExitCode } from '../exit.js';
import type { Io } from '../io.js';
import { jsonText, money, table, when } from '../print.js';
import { withApp } from '../stack.js';
import type { Register } from './context.js';

/** More than a year of an account that is paid into weekly. */
const SHOWN_MAX = 100;

interface TellOptions {
  readonly at?: string;
  readonly ref?: string;
  readonly note?: string;
  readonly json?: boolean;
}

export const registerAccount: Register = (program, { io, finish }) => {
  const account = program
    .command('account')
    .option('--json', 'print as JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const days = await withApp(io, accountDays);
      io.out(json ? jsonText(days) : daysTable(io, days));
      finish(EXIT.ok);
    });
  const tell = (name: string, kind: MovementKind, description: string) =>
    withTold(account.command(name).description(description)).action(
      async (id: string, amount: string, _options: object, command: Command) => {
        finish(await told(io, { kind, id, amount }, command.optsWithGlobals<TellOptions>()));
      },
    );
  tell('deposit', 'deposit', 'tell of cash that came into an account: it is no gain of the day');
  tell('withdraw', 'withdrawal', 'tell of cash that was taken out: it is no loss of the day');
  account
    .command('movements')
    .description(`show the newest ${SHOWN_MAX} deposits, withdrawals, and other cash of statements`)
    .argument('[account]', "the broker's id of an account; without it of all")
    .option('--json', 'print as JSON')
    .action(async (id: string | undefined, _options: object, command: Command) => {
      const isJson = command.optsWithGlobals<TellOptions>().json === true;
      finish(await movements(io, id ?? null, isJson));
    });
};

function withTold(command: Command): Command {
  return command
    .argument('<account>', "the broker's id of the account")
    .argument('<amount>', 'above zero, in its base currency')
    .addOption(
      new Option('--at <instant>', "when the account's values had it first (default: now)"),
    )
    .option('--ref <reference>', 'the same one again is the same movement (default: made of it)')
    .option('--note <text>', 'for the list and the audit log')
    .option('--json', 'print as JSON');
}

interface Told {
  readonly kind: MovementKind;
  readonly id: string;
  readonly amount: string;
}

async function told(io: Io, { kind, id, amount }: Told, options: TellOptions): Promise<ExitCode> {
  const { at = null, ref: reference = null, note = null, json } = options;
  const answer = await withApp(io, async (app) => {
    try {
      return await tellMovement(app, id, { kind, amount, at, reference, note });
    } catch (error) {
      if (error instanceof RangeError) throw new CliError(EXIT.usage, error.message);
      throw error;
    }
  });
  if (answer === null) {
    throw notFound(`there is no account ${id}: "ballast account" lists them`);
  }
  io.out(json ? jsonText(answer) : `${sentence(answer)}\n`);
  return answer.kind === 'differs' ? EXIT.failed : EXIT.ok;
}

function sentence(answer: MovementAnswer): string {
  const { kind, fields, movement, counts, day } = answer;
  const { reference, amount, currency, at } = movement;
  const what = `${money(amount)} ${currency} at ${when(at)} (${reference})`;
  if (kind === 'differs') {
    return `refused: ${reference} stands already as ${what}, with another ${fields.join(' and ')}: give this one a --ref of its own`;
  }
  const told = kind === 'exists' ? `it stood already: ${what}` : `recorded: ${what}`;
  const same = movement.same_as;
  const stands = same === null ? told : `${told}, the same as ${same} of a statement, counted once`;
  return `${stands}; ${counts ? resultText(day) : pastText(day)}`;
}

function resultText({ result, loss_reached: isReached }: DayView): string {
  const latched = isReached
    ? '; its loss has reached the limit before, and that stays so until the next 9:30 in New York'
    : '';
  return `without it the day stands at ${result === null ? 'an unknown result' : money(result)}${latched}`;
}

function pastText({ measured_at: since }: DayView): string {
  if (since === null) return 'the day is not measured yet, so nothing is taken out of it';
  return `the day is measured from ${when(since)}, after it: nothing is taken out of the day`;
}

const DAY_COLUMNS = ['account', 'day', 'net liquidation', 'as of (UTC)', 'measured from'];
const DAY_NUMBERS = ['net liquidation', 'measured from', 'deposits', 'result'];

function daysTable(io: Io, days: readonly DayView[]): string {
  if (days.length === 0) return 'no account: it is known once a broker worker has reported it\n';
  const rows = days.map((day) => [
    ...[day.account_id, day.day, amountText(day.net_liquidation), when(day.values_at)],
    ...[amountText(day.measured_from), money(day.net_flows), amountText(day.result)],
    day.loss_reached ? 'limit reached' : '',
  ]);
  return table(io, [...DAY_COLUMNS, 'deposits', 'result', ''], rows, DAY_NUMBERS);
}

function amountText(value: string | null): string {
  return value === null ? '' : money(value);
}

async function movements(io: Io, account: string | null, isJson: boolean): Promise<ExitCode> {
  const found = await withApp(io, (app) => listMovements(app, { account, limit: SHOWN_MAX }));
  if (isJson) io.out(jsonText(found));
  else if (found.length === 0) io.out('no deposit or withdrawal was told of\n');
  else {
    const columns = ['at (UTC)', 'account', '', 'amount', '', 'reference', 'told by', 'note'];
    const rows = found.map(({ at, account_id, amount, currency, reference, ...row }) => [
      ...[when(at), account_id, row.kind, money(amount), currency, reference, row.actor],
      row.same_as === null ? (row.note ?? '') : `same as ${row.same_as}, counted there`,
    ]);
    io.out(table(io, columns, rows, ['amount']));
  }
  return EXIT.ok;
}
