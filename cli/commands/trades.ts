/** `ballast trades`, `ballast trade ID`, `ballast positions`: what the books say. */
import { InvalidArgumentError, Option } from 'commander';
import type { App } from '../../app/app.js';
import { findTrade, listPositions, loadTrade, tradeList } from '../../app/reads.js';
import {
  STATUS_FILTERS,
  type PositionView,
  type StatusFilter,
  type TradeDetail,
  type TradeList,
  type TradeSummary,
} from '../../contract/views.js';
import { EXIT, notFound } from '../exit.js';
import type { Io } from '../io.js';
import { Life, lineText } from '../life.js';
import { jsonText, money, paint, price, span, table, when } from '../print.js';
import { withApp, withEmergencyApp } from '../stack.js';
import type { Register } from './context.js';
import { printHistory } from './signal.js';

/** The newest that a list shows unless it is told; of live trades it shows all. */
const LIMIT_DEFAULT = 20;
/** More than that is an export, not a list. */
const LIMIT_MAX = 1_000;

const LIMIT_HELP = `at most so many, up to ${LIMIT_MAX} (default: ${LIMIT_DEFAULT}, with --status live all)`;

interface TradesOptions {
  readonly status?: StatusFilter;
  readonly symbol?: string;
  readonly strategy?: string;
  readonly limit?: number;
  readonly json?: boolean;
}

export const registerTrades: Register = (program, { io, finish }) => {
  program
    .command('trades')
    .addOption(new Option('--status <state>', 'live, ended, or one state').choices(STATUS_FILTERS))
    .option('--symbol <symbol>', 'only this symbol')
    .option('--strategy <name>', 'only this strategy')
    .option('--limit <n>', LIMIT_HELP, limitOf)
    .option('--json', 'print as JSON')
    .action(async (options: TradesOptions) => {
      const limit = options.limit ?? (options.status === 'live' ? LIMIT_MAX : LIMIT_DEFAULT);
      const list = await withApp(io, (app) => tradeList(app, { ...options, limit }));
      io.out(options.json ? jsonText(list) : tradesTable(io, list.trades));
      if (list.truncated) io.err(`${truncatedText(list)}\n`);
      finish(EXIT.ok);
    });

  program
    .command('trade')
    .argument('<trade>', "its id, the beginning of its id, or its signal's id")
    .option('--json', 'print as JSON')
    .action(async (name: string, options: { json?: boolean }) => {
      await withApp(io, async (app) => {
        const trade = await tradeNamed(app, name);
        if (options.json) io.out(jsonText(trade));
        else printTrade(io, app, trade);
      });
      finish(EXIT.ok);
    });
};

export const registerPositions: Register = (program, { io, finish }) => {
  program
    .command('positions')
    .option('--json', 'print as JSON')
    .action(async (options: { json?: boolean }) => {
      const positions = await withEmergencyApp(io, listPositions);
      io.out(options.json ? jsonText(positions) : positionsTable(io, positions));
      finish(EXIT.ok);
    });
};

function limitOf(value: string): number {
  const limit = /^\d{1,4}$/.test(value) ? Number(value) : 0;
  if (limit >= 1 && limit <= LIMIT_MAX) return limit;
  throw new InvalidArgumentError(`allowed is a whole number from 1 to ${LIMIT_MAX}.`);
}

/** The id of the trade a person named. @throws CliError when it is none, or several */
export async function tradeIdNamed(app: App, name: string): Promise<string> {
  const match = await findTrade(app, name);
  if (match.kind === 'found') return match.tradeId;
  const remedy = '"ballast trades" lists them';
  const message =
    match.kind === 'none' ? `there is no trade ${name}` : `more than one trade begins with ${name}`;
  throw notFound(`${message}: ${remedy}`);
}

async function tradeNamed(app: App, name: string): Promise<TradeDetail> {
  const tradeId = await tradeIdNamed(app, name);
  const trade = await loadTrade(app, tradeId);
  if (trade) return trade;
  throw notFound(`there is no trade ${name}`);
}

/** That a list isn't whole must be said: nobody counts the lines of what is open. */
function truncatedText({ trades, total }: TradeList): string {
  const shown = `${trades.length} of ${total} shown`;
  return total > LIMIT_MAX
    ? `${shown}; narrow it by --status, --symbol or --strategy`
    : `${shown}; --limit ${total} shows all`;
}

const NUMBERS = ['shares', 'entry', 'stop', 'target', 'exit', 'P&L'];

function tradesTable(io: Io, trades: readonly TradeSummary[]): string {
  if (trades.length === 0) return 'no trades\n';
  const columns = ['trade', 'received', 'strategy', 'side', 'symbol', 'state', ...NUMBERS, 'why'];
  const rows = trades.map((trade) => [
    trade.id.slice(0, 8),
    when(trade.created_at),
    trade.strategy_id,
    trade.side,
    trade.symbol,
    trade.state,
    trade.filled_quantity === '0' ? (trade.planned_quantity ?? '') : trade.filled_quantity,
    trade.average_entry ? price(trade.average_entry) : '',
    trade.stop_price ? price(trade.stop_price) : '',
    trade.target_price ? price(trade.target_price) : '',
    trade.average_exit ? price(trade.average_exit) : '',
    trade.realized_pnl ? money(trade.realized_pnl) : '',
    whyOf(trade),
  ]);
  return table(io, columns, rows, NUMBERS);
}

/** States whose cause stands beside them. */
const WAITING: ReadonlySet<string> = new Set(['AWAITING_APPROVAL', 'AWAITING_OPEN', 'PARKED']);

function whyOf(trade: TradeSummary): string {
  const waits = WAITING.has(trade.state) ? trade.failure : null;
  const codes = trade.denial_codes.join(' ');
  const unfilled = trade.closed_at !== null && codes === '' ? trade.failure : null;
  const why = waits ?? trade.exit_reason ?? unfilled ?? codes;
  return `${why}${trade.doubt === null ? '' : ', in doubt'}`;
}

function positionsTable(io: Io, positions: readonly PositionView[]): string {
  if (positions.length === 0) return 'no open positions\n';
  const numbers = ['shares', 'cost', 'closes at', 'open P&L'];
  const nowMs = Date.now();
  const ages = positions.map((position) => staleText(position, nowMs));
  const isAnyStale = ages.some((age) => age !== '');
  const columns = ['account', 'strategy', 'symbol', ...numbers].concat(
    isAnyStale ? ['as of'] : [],
    ['trade', 'stop', 'protected'],
  );
  const rows = positions.map((position, index) => [
    position.account_id,
    position.strategy_id ?? 'EXTERNAL',
    position.symbol,
    position.quantity,
    price(position.average_cost),
    position.closing_price ? price(position.closing_price) : '',
    position.unrealized_pnl ? money(position.unrealized_pnl) : '',
    ...(isAnyStale ? [paint(io, 'yellow', ages[index]!)] : []),
    position.trades.map(({ trade_id: id }) => id.slice(0, 8)).join(' '),
    position.trades.map(({ stop_price: stop }) => (stop ? price(stop) : '-')).join(' '),
    protection(io, position),
  ]);
  return table(io, columns, rows, numbers);
}

/** Quotes of what no trade holds are not followed: a price of this age may be far from the market. */
const QUOTE_OF_NOW_MS = 60_000;

/** How old the quote is that a position is valued by; empty when it is of now, or there is none. */
function staleText({ quote_at: quoteAt }: PositionView, nowMs: number): string {
  if (quoteAt === null) return '';
  const ageMs = nowMs - Date.parse(quoteAt);
  return ageMs > QUOTE_OF_NOW_MS ? `${span(ageMs)} ago` : '';
}

function protection(io: Io, { strategy_id: strategy, trades }: PositionView): string {
  if (strategy === null) return 'not managed';
  const excess = trades.find((trade) => trade.excess_exits !== null)?.excess_exits;
  if (excess) return paint(io, 'red', `NO: exits for ${excess} more than the account holds`);
  const isProtected = trades.length > 0 && trades.every((trade) => trade.is_protected);
  if (!isProtected) return paint(io, 'red', 'NO');
  const sleeps = trades.some((trade) => trade.regular_hours_only);
  return sleeps ? 'in regular hours only' : paint(io, 'green', 'yes');
}

function printTrade(io: Io, app: App, trade: TradeDetail): void {
  io.out(`${paint(io, 'bold', `trade ${trade.id}`)}  ${trade.state}\n`);
  for (const line of new Life().update(trade, Date.now())) {
    io.out(`${lineText(io, line, trade.created_at)}\n`);
  }
  if (trade.orders.length > 0) io.out(`\n${ordersTable(io, trade)}`);
  if (trade.executions.length > 0) io.out(`\n${executionsTable(io, trade)}`);
  printHistory(io, app, trade.id);
}

function ordersTable(io: Io, { orders }: TradeDetail): string {
  const numbers = ['shares', 'stop', 'limit', 'filled', 'average'];
  const columns = ['order', 'side', 'type', ...numbers, 'tif', 'status', 'permId', 'ref'];
  const rows = orders.map((order) => [
    order.sequence > 1 ? `${order.role} ${order.sequence}` : order.role,
    order.side,
    order.order_type,
    order.quantity,
    order.stop_price ? price(order.stop_price) : '',
    order.limit_price ? price(order.limit_price) : '',
    order.filled_quantity,
    order.average_price ? price(order.average_price) : '',
    order.time_in_force,
    order.status === 'NOT_SENT' ? 'NOT SENT' : order.status,
    order.broker_order_id ?? '',
    order.client_order_id,
  ]);
  return table(io, columns, rows, numbers);
}

function executionsTable(io: Io, { executions }: TradeDetail): string {
  const numbers = ['shares', 'price', 'commission'];
  const rows = executions
    .filter((execution) => !execution.is_superseded)
    .map((execution) => [
      execution.role ?? '',
      execution.side,
      execution.quantity,
      price(execution.price),
      execution.commission ? money(execution.commission) : '',
      when(execution.executed_at),
      execution.execution_id,
    ]);
  return table(io, ['execution', 'side', ...numbers, 'at (UTC)', 'execId'], rows, numbers);
}
