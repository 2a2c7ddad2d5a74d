/** `ballast completion SHELL`: what a shell sources to complete commands and options. */
import { Argument, Command } from 'commander';
import { completionScript, SHELLS, type Shell } from '../completion.js';
import { EXIT } from '../exit.js';
import type { CommandContext, Register } from './context.js';
import { COMMANDS } from './index.js';

const HELP = `
bash: echo 'source <(ballast completion bash)' >> ~/.bashrc
zsh:  echo 'source <(ballast completion zsh)' >> ~/.zshrc
fish: ballast completion fish > ~/.config/fish/completions/ballast.fish`;

export const registerCompletion: Register = (program, context) => {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText('after', HELP)
    .action(async (shell: Shell) => {
      context.io.out(completionScript(await wholeProgram(context), shell));
      context.finish(EXIT.ok);
    });
};

/** Every command, with what it takes. */
async function wholeProgram(context: CommandContext): Promise<Command> {
  const program = new Command('ballast').enablePositionalOptions();
  for (const { commands, load } of COMMANDS) {
    (await load())(program, context);
    for (const [name, { summary }] of Object.entries(commands)) {
      program.commands.find((each) => each.name() === name)?.description(summary);
    }
  }
  return program;
}
