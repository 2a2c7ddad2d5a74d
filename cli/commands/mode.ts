/** `ballast mode`: shows what holds entries back, and sets modes (RSK-5). */
import { Option } from 'commander';
import type { App } from '../../app/app.js';
import { changeMode, haltedBy, modes } from '../../app/switches.js';
import { haltFilesOf } from '../../config/index.js';
import { CliError, EXIT } from '../exit.js';
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
    .description('show what holds entries back, or set the mode of the installation')
    .addArgument(program.createArgument('[mode]', 'the mode to set').choices(MODES))
    .addOption(new Option('--account <id>', 'set that of an account').conflicts('strategy'))
    .option('--strategy <name>', 'set that of a strategy')
    .option('--json', 'print as JSON')
    .action(async (mode: Mode | undefined, options: ModeOptions) => {
      await withEmergencyApp(io, async (app) => {
        if (mode) await setMode(app, mode, options);
        await showModes(io, app, options.json === true);
      });
      finish(EXIT.ok);
    });
};

async function setMode(app: App, mode: Mode, { account, strategy }: ModeOptions): Promise<void> {
  const target =
    account !== undefined
      ? ({ kind: 'account', name: account } as const)
      : strategy !== undefined
        ? ({ kind: 'strategy', name: strategy } as const)
        : ({ kind: 'installation', name: null } as const);
  if (await changeMode(app, target, mode)) return;
  throw new CliError(EXIT.failed, `there is no ${target.kind} ${target.name}`);
}

async function showModes(io: Io, app: App, asJson: boolean): Promise<void> {
  const halted = haltFilesOf(io.env).files.flatMap((file) => {
    const why = haltedBy(file);
    return why === null ? [] : [{ file, why }];
  });
  const all = await modes(app);
  if (asJson) return io.out(jsonText({ halt_file: halted[0]?.why ?? null, halted, modes: all }));
  for (const { file, why } of halted) io.out(`halted by the file ${file}: ${why}\n`);
  const rows = all.map(({ kind, name, mode }) => [kind, name ?? '', mode]);
  io.out(table(io, ['of', 'name', 'mode'], rows));
}
