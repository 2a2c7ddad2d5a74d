/** `ballast halt`, `resume` and `mode`: the switches that hold back entries (RSK-5). */
import { Option } from 'commander';
import type { App } from '../../app/app.js';
import {
  auditSwitch,
  changeMode,
  halt,
  haltedBy,
  liftPauses,
  modes,
  resume,
} from '../../app/switches.js';
import { CliError, EXIT } from '../exit.js';
import type { Io } from '../io.js';
import { jsonText, table } from '../print.js';
import { actorName, readConfig, withApp } from '../stack.js';
import type { Register } from './context.js';

const MODES = ['ACTIVE', 'REDUCING', 'HALTED'] as const;
type Mode = (typeof MODES)[number];

interface ModeOptions {
  readonly account?: string;
  readonly strategy?: string;
  readonly json?: boolean;
}

export const registerHalt: Register = (program, { io, finish }) => {
  program
    .command('halt')
    .description('stop all entries by the halt file; exits and repairs go on')
    .option('--reason <text>', 'why, for whoever finds the file', 'by hand')
    .option('--json', 'print as JSON')
    .action(async ({ reason, json }: { reason: string; json?: boolean }) => {
      const config = readConfig(io);
      halt(config, { actor: actorName(), reason });
      const file = config.haltFile;
      const text = `halted: nothing is opened while ${file} exists; positions stay protected\n`;
      io.out(json ? jsonText({ halted: true, file }) : text);
      await keepForTheRecord(io, 'halt', { reason });
      finish(EXIT.ok);
    });

  program
    .command('resume')
    .description('take the halt file away, and lift what a mass breach or recovery mode has paused')
    .option('--json', 'print as JSON')
    .action(async (options: { json?: boolean }) => {
      const wasHalted = resume(readConfig(io));
      const lifted = await liftAll(io);
      const file = wasHalted ? 'resumed' : 'there was no halt file';
      const pauses = lifted ? `, ${lifted} pauses of accounts lifted` : '';
      const found = { halted: false, was_halted: wasHalted, lifted_pauses: lifted };
      io.out(options.json ? jsonText(found) : `${file}${pauses}\n`);
      if (wasHalted) await keepForTheRecord(io, 'resume', {});
      finish(EXIT.ok);
    });

  program
    .command('mode')
    .description('show what holds entries back, or set the mode of the installation')
    .addArgument(program.createArgument('[mode]', 'the mode to set').choices(MODES))
    .addOption(new Option('--account <id>', 'set that of an account').conflicts('strategy'))
    .option('--strategy <name>', 'set that of a strategy')
    .option('--json', 'print as JSON')
    .action(async (mode: Mode | undefined, options: ModeOptions) => {
      await withApp(io, async (app) => {
        if (mode) await setMode(app, mode, options);
        await showModes(io, app, options.json === true);
      });
      finish(EXIT.ok);
    });
};

/** How many were lifted; null without the database: they stay, and that is said. */
async function liftAll(io: Io): Promise<number | null> {
  try {
    return await withApp(io, liftPauses);
  } catch {
    io.err('the database does not answer: pauses of accounts stay, if there are any\n');
    return null;
  }
}

/** The halt file is in force without it: no database, no entry in the log. */
async function keepForTheRecord(io: Io, action: string, body: object): Promise<void> {
  try {
    await withApp(io, (app) => auditSwitch(app, action, body));
  } catch {
    io.err('the database does not answer: it stands in the file alone, not in the audit log\n');
  }
}

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
  const halted = haltedBy(app.config);
  const all = await modes(app);
  if (asJson) return io.out(jsonText({ halt_file: halted, modes: all }));
  if (halted) io.out(`halted by file: ${halted}\n`);
  const rows = all.map(({ kind, name, mode }) => [kind, name ?? '', mode]);
  io.out(table(io, ['of', 'name', 'mode'], rows));
}
