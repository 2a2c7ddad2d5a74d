/** The help page, which knows the commands without loading them. */
import { Command } from 'commander';
import { expect, test } from '@jest/globals';
import { COMMANDS } from '../../cli/commands/index.js';
import { ballast } from './support.js';

const names = COMMANDS.flatMap(({ commands }) => Object.keys(commands));

test.each(COMMANDS.map((group) => [Object.keys(group.commands).join(', '), group] as const))(
  '[CLI-1] the page says of %s what the commands take',
  async (_names, { commands, load }) => {
    const program = new Command().enablePositionalOptions();
    (await load())(program, {} as never);
    const help = program.createHelp();
    const terms = program.commands.map((command) => help.subcommandTerm(command));
    expect(terms).toEqual(
      Object.entries(commands).map(([name, { usage }]) => `${name} ${usage}`.trim()),
    );
  },
);

test('[CLI-1] each command is on the page once, and its own page begins with its summary', async () => {
  expect(new Set(names).size).toBe(names.length);
  const { out, code } = await ballast(['--help']);
  expect(code).toBe(0);
  for (const { commands } of COMMANDS) {
    for (const [name, { usage, summary }] of Object.entries(commands)) {
      expect(out).toContain(`${name} ${usage}`.trim());
      expect(out).toContain(summary);
    }
  }
  const trade = await ballast(['trade', '--help']);
  expect(trade.out).toContain('show one trade whole');
  expect((await ballast(['help', 'trade'])).out).toBe(trade.out);
});

test('[CLI-1] a misspelt command is told with the one that was meant', async () => {
  const { code, err } = await ballast(['tradse']);
  expect(code).toBe(2);
  expect(err).toContain('Did you mean');
});
