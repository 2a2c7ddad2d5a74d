/** `ballast approvals`, `ballast approve`, `ballast reject`: a person's word before anything is sent (SIG-3). */
import { randomUUID } from 'node:crypto';
import { Option } from 'commander';
import type { App } from '../../app/app.js';
import {
  APPROVALS_LISTED_MAX,
  approvals,
  decide,
  setApproval,
  type DecisionGiven,
} from '../../app/approvals.js';
import type { ApprovalView } from '../../contract/views.js';
import { EXIT, notFound, type ExitCode } from '../exit.js';
import type { Io } from '../io.js';
import { jsonText, money, price, table } from '../print.js';
import { withApp, withCommandApp } from '../stack.js';
import { toldText } from './command.js';
import type { Register } from './context.js';
import { tradeIdNamed } from './trades.js';

interface ListOptions {
  readonly require?: string;
  readonly waive?: string;
  readonly json?: boolean;
}

interface DecisionOptions {
  readonly reason?: string;
  readonly key?: string;
  readonly json?: boolean;
}

export const registerApprovals: Register = (program, { io, finish }) => {
  program
    .command('approvals')
    .addOption(
      new Option('--require <strategy>', 'its signals need one from now on').conflicts('waive'),
    )
    .option('--waive <strategy>', 'its signals need none from now on')
    .option('--json', 'print as JSON')
    .action(async (options: ListOptions) => {
      await withApp(io, async (app) => {
        await changePolicy(app, options);
        const waiting = await approvals(app);
        io.out(options.json ? jsonText(waiting) : approvalsTable(io, waiting));
        if (waiting.length === APPROVALS_LISTED_MAX)
          io.err(`${waiting.length} shown, there may be more\n`);
      });
      finish(EXIT.ok);
    });
  const add = (name: string, verdict: DecisionGiven['verdict']) =>
    program
      .command(name)
      .argument('<trade>', "its id, the beginning of its id, or its signal's id")
      .option('--reason <text>', 'why, for the record')
      .option('--key <key>', 'idempotency key: the same key is the same decision')
      .option('--json', 'print the answer as JSON')
      .action(async (trade: string, options: DecisionOptions) => {
        finish(await withCommandApp(io, (app) => give(io, app, verdict, trade, options)));
      });
  add('approve', 'approved');
  add('reject', 'rejected');
};

async function changePolicy(app: App, { require, waive }: ListOptions): Promise<void> {
  const strategy = require ?? waive;
  if (strategy === undefined) return;
  if (await setApproval(app, strategy, require === undefined ? 'none' : 'required')) return;
  const remedy = 'it is made by its first signal; APPROVAL says what holds for new ones';
  throw notFound(`there is no strategy ${strategy}: ${remedy}`);
}

async function give(
  io: Io,
  app: App,
  verdict: DecisionGiven['verdict'],
  name: string,
  { reason, key = randomUUID(), json }: DecisionOptions,
): Promise<ExitCode> {
  const tradeId = await tradeIdNamed(app, name);
  const given = { tradeId, verdict, key, reason: reason ?? null };
  const { verdict: answer, reason: why, told } = await decide(app, given);
  if (json)
    io.out(jsonText({ trade_id: tradeId, decision: verdict, key, verdict: answer, reason: why }));
  else io.out(`${answer === 'accepted' ? verdict : `refused: ${why}`}\n`);
  if (answer === 'refused') return EXIT.failed;
  const line = toldText(await told);
  if (line) io.err(`${line}\n`);
  return EXIT.ok;
}

const NUMBERS = ['shares', 'price', 'stop', 'risk'];

function approvalsTable(io: Io, waiting: readonly ApprovalView[]): string {
  if (waiting.length === 0) return 'nothing waits to be approved\n';
  const rows = waiting.map((one) => [
    one.trade_id.slice(0, 8),
    one.strategy_id,
    one.side,
    one.symbol,
    one.quantity,
    one.price ? price(one.price) : '',
    one.stop_price ? price(one.stop_price) : '',
    one.risk ? money(one.risk) : '',
    leftText(one.seconds_left),
    one.summary,
  ]);
  const columns = ['trade', 'strategy', 'side', 'symbol', ...NUMBERS, 'time left', 'what'];
  return table(io, columns, rows, NUMBERS);
}

/** `14:05`: minutes and seconds. */
function leftText(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
