/** `ballast mode`, `reduce` and `pause`: show what holds entries back, and set modes (RSK-5). */
import { Option } from 'commander';
import type { App } from '../../app/app.js';
import { nextStep, whatOf } from '../../app/doctor/attention.js';
import { changeMode, haltedBy, modes, pauses } from '../../app/switches.js';
import { haltFilesOf } from '../../config/index.js';
import type { ModeView } from '../../contract/views.js';
import { EXIT, notFound, type ExitCode } from '../exit.js';
import type { Io } from '../io.js';
import { jsonText, table } from '../print.js';
import { withEmergencyApp } from '../stack.js';
import type { Register } from './context.js';

const MODES = ['ACTIVE', 'REDUCING', 'HALTED'] as const;
type Mode = (typeof MODES)[number];

interface ModeOptions {
  readonly account?: string;
  readonly strategy?: string;
  readonly json?: boolean;
}

export const registerMode: Register = (program, { io, finish }) => {
  program
    .command('mode')
    .addArgument(program.createArgument('[mode]', 'the mode to set').choices(MODES))
    .addOption(new Option('--account <id>', 'set that of an account').conflicts('strategy'))
    .option('--strategy <name>', 'set that of a strategy')
    .option('--json', 'print as JSON')
    .action(async (mode: Mode | undefined, options: ModeOptions) => {
      await withEmergencyApp(io, async (app) => {
        if (mode) await setMode(app, mode, options);
        const named = options.strategy ?? options.account ?? null;
        await showModes(io, app, { asJson: options.json === true, named });
      });
      finish(EXIT.ok);
    });
  program
    .command('reduce')
    .addOption(new Option('--account <id>', 'only that account').conflicts('strategy'))
    .option('--strategy <name>', 'only that strategy')
    .option('--json', 'print as JSON')
    .action(async (options: ModeOptions) => {
      finish(await holdBack(io, 'REDUCING', options));
    });
  program
    .command('pause')
    .argument('<strategy>')
    .option('--json', 'print as JSON')
    .action(async (strategy: string, { json = false }: ModeOptions) => {
      finish(await holdBack(io, 'HALTED', { strategy, json }));
    });
};

async function holdBack(io: Io, mode: Mode, options: ModeOptions): Promise<ExitCode> {
  await withEmergencyApp(io, (app) => setMode(app, mode, options));
  const { account, strategy, json } = options;
  const of = strategy ?? account ?? null;
  const named =
    strategy !== undefined ? ` --strategy ${strategy}` : account ? ` --account ${account}` : '';
  // Not "resume --strategy": that ends pauses after losses as well.
  const back = `ballast mode ACTIVE${named}`;
  if (json) io.out(jsonText({ of, mode }));
  else
    io.out(
      `${of ?? 'everything'} is ${mode}: nothing is opened, resting entries are cancelled, positions stay protected; ` +
        `"${back}" ends it\n`,
    );
  return EXIT.ok;
}

async function setMode(app: App, mode: Mode, { account, strategy }: ModeOptions): Promise<void> {
  const target =
    account !== undefined
      ? ({ kind: 'account', name: account } as const)
      : strategy !== undefined
        ? ({ kind: 'strategy', name: strategy } as const)
        : ({ kind: 'installation', name: null } as const);
  if (await changeMode(app, target, mode)) return;
  throw notFound(`there is no ${target.kind} ${target.name}`);
}

interface Shown {
  readonly asJson: boolean;
  /** Shown whatever its mode is. */
  readonly named: string | null;
}

/** What holds entries back comes first; of what is ACTIVE the number, for there may be hundreds. */
async function showModes(io: Io, app: App, { asJson, named }: Shown): Promise<void> {
  const halted = haltFilesOf(io.env).files.flatMap((file) => {
    const why = haltedBy(file);
    return why === null ? [] : [{ file, why }];
  });
  const all = await modes(app);
  const paused = await pauses(app);
  if (asJson) {
    const halt_file = halted[0]?.why ?? null;
    return io.out(jsonText({ halt_file, halted, modes: all, pauses: paused }));
  }
  for (const { file, why } of halted) io.out(`halted by the file ${file}: ${why}\n`);
  for (const pause of paused) io.out(`paused: ${whatOf(pause)}; ${nextStep(pause)}\n`);
  const isShown = ({ kind, name, mode }: ModeView) =>
    kind === 'installation' || mode !== 'ACTIVE' || name === named;
  const rows = all.filter(isShown).map(({ kind, name, mode }) => [kind, name ?? '', mode]);
  io.out(table(io, ['of', 'name', 'mode'], rows));
  const others = all.filter((mode) => !isShown(mode));
  if (others.length > 0)
    io.out(`all others are ACTIVE: ${countsText(others)} (--json lists them)\n`);
}

function countsText(modes: readonly ModeView[]): string {
  const count = (kind: ModeView['kind']) => modes.filter((mode) => mode.kind === kind).length;
  const [accounts, strategies] = [count('account'), count('strategy')];
  const parts = [
    ...(accounts > 0 ? [`${accounts} ${accounts === 1 ? 'account' : 'accounts'}`] : []),
    ...(strategies > 0 ? [`${strategies} ${strategies === 1 ? 'strategy' : 'strategies'}`] : []),
  ];
  return parts.join(', ');
}
