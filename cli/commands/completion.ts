/** `ballast completion SHELL`: what a shell sources to complete commands and options. */
import { Argument } from 'commander';
import { completionScript, SHELLS, type Shell } from '../completion.js';
import { EXIT } from '../exit.js';
import type { Register } from './context.js';

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
      context.io.out(completionScript(await context.wholeProgram(), shell));
      context.finish(EXIT.ok);
    });
};
