/** `ballast resolve`: the operator's two-step way out of what no evidence settles (TRD-11). */
import { Option, type Command } from 'commander';
import type { App } from '../../app/app.js';
import {
  CannotResolveError,
  confirmResolution,
  proposeResolution,
  type Resolution,
} from '../../app/resolve.js';
import type { ProposalView } from '../../contract/views.js';
import { CliError, EXIT, type ExitCode } from '../exit.js';
import type { Io } from '../io.js';
import { jsonText } from '../print.js';
import { withApp } from '../stack.js';
import { resolvedText } from './command.js';
import type { CommandContext, Register } from './context.js';
import { tradeIdNamed } from './trades.js';

interface Confirmable {
  readonly confirm?: string;
  readonly json?: boolean;
}

type Ratio = NonNullable<Extract<Resolution, { kind: 'split' }>['ratio']>;

const HELP = `
Without --confirm nothing is done: it shows what would be done, what is known, and a code.`;

export const registerResolve: Register = (program, context) => {
  const resolve = program.command('resolve').addHelpText('after', HELP);
  registerOrder(resolve, context);
  registerFill(resolve, context);
  registerMissingFill(resolve, context);
  registerDifference(resolve, context);
  registerSplit(resolve, context);
  registerPosition(resolve, context);
  registerQuarantine(resolve, context);
};

function registerQuarantine(resolve: Command, context: CommandContext): void {
  interface QuarantineOptions extends Confirmable {
    readonly market?: string;
  }
  confirmable(resolve.command('quarantine'))
    .description('release the quarantine of a symbol')
    .argument('<symbol>', 'such as AAPL')
    .addOption(marketOption('where stops were held back for a split: the price'))
    .action(async (symbol: string, options: QuarantineOptions) => {
      const marketPrice = options.market ?? null;
      await run(context, options, async () => ({ kind: 'quarantine', symbol, marketPrice }));
    });
}

function confirmable(command: Command): Command {
  return command
    .option('--confirm <code>', 'do what was shown under this code')
    .option('--json', 'print as JSON');
}

function registerOrder(resolve: Command, context: CommandContext): void {
  interface OrderOptions extends Confirmable {
    readonly absent?: boolean;
    readonly present?: string;
    readonly withoutPicture?: boolean;
  }
  confirmable(resolve.command('order'))
    .description('declare an order of unknown fate present or absent at the broker')
    .argument('<trade>', "its id, the beginning of its id, or its signal's id")
    .argument('<order>', 'its reference, or its role: entry, stop, "stop 2" …')
    .option('--absent', 'it is not at the broker')
    .option('--present <permId>', 'it works at the broker, under this permanent id')
    .option('--without-picture', 'absent by your own look at the broker, where no picture is there')
    .action(async (trade: string, order: string, options: OrderOptions) => {
      if ((options.absent === true) === (options.present !== undefined)) {
        throw new CliError(EXIT.usage, 'give either --absent or --present <permId>');
      }
      await run(context, options, async (app) => {
        const brokerOrderId = options.present ?? null;
        const { withoutPicture = false } = options;
        const tradeId = await tradeIdNamed(app, trade);
        return { kind: 'order', tradeId, order, brokerOrderId, withoutPicture };
      });
    });
}

function registerFill(resolve: Command, context: CommandContext): void {
  confirmable(resolve.command('fill'))
    .description('attribute an execution without our reference to an order')
    .argument('<execId>', "the broker's id of the execution")
    .argument('<ref>', 'the reference of the order it belongs to')
    .action(async (executionId: string, clientOrderId: string, options: Confirmable) => {
      await run(context, options, async () => ({ kind: 'fill', executionId, clientOrderId }));
    });
}

function registerMissingFill(resolve: Command, context: CommandContext): void {
  interface FillOptions extends Confirmable {
    readonly quantity: string;
    readonly price: string;
    readonly at: string;
  }
  confirmable(resolve.command('missing-fill'))
    .description('book a fill that its status told of and whose execution never came')
    .argument('<trade>', "its id, the beginning of its id, or its signal's id")
    .argument('<order>', 'its reference, or its role: entry, stop, "stop 2" …')
    .requiredOption('--quantity <shares>', 'all that is missing of it', quantityOf)
    .requiredOption('--price <price>', "its average, from the broker's own statement", priceOf)
    .requiredOption('--at <time>', 'when, such as 2026-03-02T15:04:05Z')
    .addHelpText('after', MISSING_FILL_HELP)
    .action(async (trade: string, order: string, options: FillOptions) => {
      const { quantity, price } = options;
      const executedAtMs = instantOf(options.at);
      await run(context, options, async (app) => {
        const tradeId = await tradeIdNamed(app, trade);
        return { kind: 'missing_fill', tradeId, order, quantity, price, executedAtMs };
      });
    });
}

const MISSING_FILL_HELP = `
"ballast doctor" names what is missing, a minute after its status told of it. Look into the broker's own
statement first: should the execution come after all, it takes the place of what was booked.`;

function registerDifference(resolve: Command, context: CommandContext): void {
  interface DifferenceOptions extends Confirmable {
    readonly price?: string;
    readonly priceUnknown?: boolean;
    readonly quantity?: string;
  }
  confirmable(resolve.command('difference'))
    .description('declare a difference of a position, told by no execution, the doing of a hand')
    .argument(
      '<trade>',
      "the trade in the contract: its id, the beginning of it, or its signal's id",
    )
    .option(
      '--price <price>',
      "at which they were traded, from the broker's own statement",
      priceOf,
    )
    .option('--price-unknown', 'nobody knows it: what they cost is taken, and shown as in doubt')
    .option('--quantity <shares>', 'a part of what differs', quantityOf)
    .addHelpText('after', DIFFERENCE_HELP)
    .action(async (trade: string, options: DifferenceOptions) => {
      const { price = null, quantity = null } = options;
      if ((options.priceUnknown === true) === (price !== null)) {
        throw new CliError(EXIT.usage, 'give either --price <price> or --price-unknown');
      }
      await run(context, options, async (app) => {
        const tradeId = await tradeIdNamed(app, trade);
        return { kind: 'difference', tradeId, quantity, price };
      });
    });
}

const DIFFERENCE_HELP = `
It rests on the newest "ballast reconcile", of the last five minutes. Shares that are gone are booked to the
trade as closed outside, shares that are too many count as external; an execution that comes after all takes
their place. Then "ballast resolve quarantine SYMBOL" lets entries go again, and exits that were held back for
a split; where shares were split, "ballast resolve split" does.`;

function registerSplit(resolve: Command, context: CommandContext): void {
  interface SplitOptions extends Confirmable {
    readonly stop?: string;
    readonly target?: string;
    readonly market?: string;
    readonly ratio?: Ratio;
  }
  confirmable(resolve.command('split'))
    .description('carry the trades of a contract across a split, and place their exits anew')
    .argument('<trade>', "one of them: its id, the beginning of it, or its signal's id")
    .option('--stop <price>', 'its stop, instead of the rescaled one', priceOf)
    .option('--target <price>', 'its target, instead of the rescaled one', priceOf)
    .addOption(marketOption('the price'))
    .option('--ratio <new:old>', 'its ratio, where a hand has traded since: 2:1, or 1:10', ratioOf)
    .addHelpText('after', SPLIT_HELP)
    .action(async (trade: string, options: SplitOptions) => {
      const { stop, target, market, ratio } = options;
      await run(context, options, async (app) => ({
        ...{ kind: 'split', tradeId: await tradeIdNamed(app, trade) },
        ...{ stopPrice: stop ?? null, targetPrice: target ?? null },
        ...{ marketPrice: market ?? null, ratio: ratio ?? null },
      }));
    });
}

/** What a person says of the market where nothing here knows it. */
function marketOption(what: string): Option {
  const help = `${what} at the broker, where no live quote is known here`;
  return new Option('--market <price>', help).argParser(priceOf);
}

const SPLIT_HELP = `
It rests on the newest "ballast reconcile", of the last five minutes, which must have found a corporate_action.
Where one was found before (the symbol's quarantine says so), and a hand has traded since, name the ratio: the
shares of the trades count by it, external ones are of after the split, and both must come to what the broker holds.`;

function registerPosition(resolve: Command, context: CommandContext): void {
  interface PositionOptions extends Confirmable {
    readonly stop: string;
    readonly target?: string;
    readonly market?: string;
    readonly strategy: string;
    readonly account?: string;
    readonly contract?: number;
  }
  confirmable(resolve.command('position'))
    .description('adopt an external position as a trade, with the stop that protects it')
    .argument('<symbol>', 'such as AAPL')
    .requiredOption('--stop <price>', 'where it is protected', priceOf)
    .option('--target <price>', 'where it is closed with a profit', priceOf)
    .addOption(marketOption('its price'))
    .option('--strategy <name>', 'whose position it becomes', 'adopted')
    .option('--account <id>', 'when several accounts hold it')
    .option('--contract <id>', 'when several contracts of the symbol are held', contractOf)
    .action(async (symbol: string, options: PositionOptions) => {
      const { stop: stopPrice, target, market, strategy, account, contract } = options;
      await run(context, options, async () => ({
        ...{ kind: 'position', symbol, stopPrice, strategy },
        ...{ targetPrice: target ?? null, account: account ?? null },
        ...{ marketPrice: market ?? null, brokerContractId: contract ?? null },
      }));
    });
}

function contractOf(value: string): number {
  if (/^[1-9]\d{0,9}$/.test(value)) return Number(value);
  throw new CliError(EXIT.usage, `${value} is no contract id of the broker's: write it as 265598`);
}

function priceOf(value: string): string {
  if (/^\d{1,12}(\.\d{1,8})?$/.test(value)) return value;
  throw new CliError(EXIT.usage, `${value} is no price: write it as 181.62`);
}

function ratioOf(value: string): Ratio {
  const [, to, from] = /^([1-9]\d{0,3}):([1-9]\d{0,3})$/.exec(value) ?? [];
  if (to !== undefined && from !== undefined && to !== from) return { from, to };
  throw new CliError(EXIT.usage, `${value} is no ratio: write two new shares for one as 2:1`);
}

function quantityOf(value: string): string {
  if (/^\d{1,12}(\.\d{1,8})?$/.test(value)) return value;
  throw new CliError(EXIT.usage, `${value} is no number of shares: write it as 40`);
}

/** With its zone, or it would be another instant on another machine. */
function instantOf(value: string): number {
  const ms = Date.parse(value);
  if (/^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(ms)) return ms;
  throw new CliError(EXIT.usage, `${value} is no instant: write it as 2026-03-02T15:04:05Z`);
}

async function run(
  { io, finish }: CommandContext,
  options: Confirmable,
  make: (app: App) => Promise<Resolution>,
): Promise<void> {
  const code = await withApp(io, async (app) => resolveOrShow(io, app, await make(app), options));
  finish(code);
}

async function resolveOrShow(
  io: Io,
  app: App,
  resolution: Resolution,
  { confirm, json }: Confirmable,
): Promise<ExitCode> {
  try {
    if (confirm === undefined) {
      const proposal = await proposeResolution(app, resolution);
      io.out(json ? jsonText({ ...proposal, is_done: false }) : proposalText(proposal));
      return EXIT.ok;
    }
    const { proposal, told } = await confirmResolution(app, resolution, confirm);
    io.out(json ? jsonText({ ...proposal, is_done: true }) : `done: ${proposal.does.join('; ')}\n`);
    const line = resolvedText(await told);
    if (line) io.err(`${line}\n`);
    return EXIT.ok;
  } catch (error) {
    if (error instanceof CannotResolveError) {
      throw new CliError(EXIT.failed, error.message, { code: 'REFUSED' });
    }
    throw error;
  }
}

function proposalText({ subject, does, evidence, code }: ProposalView): string {
  const list = (lines: readonly string[]) => lines.map((line) => `  - ${line}\n`).join('');
  return (
    `${subject}\nwhat is known:\n${list(evidence)}what would be done:\n${list(does)}` +
    `nothing is done yet: give the same command with --confirm ${code}\n`
  );
}
