/** `ballast up` and `ballast gateway`: the commands that start parts instead of talking to them. */
import type { Command } from 'commander';
import { bootstrap } from '../../scripts/lib/bootstrap.mjs';
import type { ExitCode } from '../exit.js';
import type { Register } from './context.js';

export const registerParts: Register = (program, { finish }) => {
  // What they start is loaded only here: it is large, and other commands start faster without it.
  passThrough(program.command('up')).action(
    async (_flags: string[], _options: object, command: Command) => {
      await bootstrap();
      const supervisor = await import('../../supervisor/main.js');
      finish((await supervisor.main(command.args)) as ExitCode);
    },
  );

  passThrough(program.command('gateway')).action(
    async (_flags: string[], _options: object, command: Command) => {
      const { runGateway } = await import('../../gateway/main-lib.js');
      // It ends with the same codes: 0, 1, and 2 for a wrong command line.
      finish((await runGateway(command.args)) as ExitCode);
    },
  );
};

/** Every flag after the name belongs to what is started, --help included. */
function passThrough(command: Command): Command {
  return command
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .argument('[flags...]', 'handed on as they are');
}
