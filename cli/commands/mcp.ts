/** `ballast mcp`: serves the Model Context Protocol to the host that started it, or prints that host's configuration. */
import { join } from 'node:path';
import { Option } from 'commander';
import { NotReachableError } from '../../app/not-reachable.js';
import { plainMessage } from '../../app/plain-message.js';
import { HOST_NAMES, hostConfig, type HostName } from '../../mcp/hosts.js';
import { projectRoot } from '../../scripts/lib/paths.mjs';
import { EXIT } from '../exit.js';
import type { Io } from '../io.js';
import { jsonText } from '../print.js';
import { actorName, readConfig } from '../stack.js';
import type { Register } from './context.js';

interface McpOptions {
  readonly allowTrading?: boolean;
  readonly printConfig?: HostName | true;
}

const HOST_DEFAULT: HostName = 'claude-desktop';

export const registerMcp: Register = (program, { io, finish }) => {
  program
    .command('mcp')
    .option(
      '--allow-trading',
      'let it execute previews and cancel entries; without it, it only shows',
    )
    .addOption(
      new Option('--print-config [host]', `print what a host needs to start it`)
        .choices(HOST_NAMES)
        .preset(HOST_DEFAULT),
    )
    .action(async ({ allowTrading = false, printConfig }: McpOptions) => {
      if (printConfig !== undefined) printHost(io, printConfig as HostName, allowTrading);
      else await serve(io, allowTrading);
      finish(EXIT.ok);
    });
};

async function serve(io: Io, mayTrade: boolean): Promise<void> {
  const { serveStdio } = await import('../../mcp/stdio.js');
  await serveStdio({
    ...{ mayTrade, env: io.env, actor: actorName().replace(/^cli/, 'mcp') },
    config: () => settingsNow(io),
    say: (line) => io.err(`${line}\n`),
  });
}

/** A host shows its tools whatever is wrong here: what is, the calls tell. */
function settingsNow(io: Io): ReturnType<typeof readConfig> {
  try {
    return readConfig(io);
  } catch (error) {
    throw new NotReachableError(plainMessage(error), { cause: error });
  }
}

/** Of this shell's environment what decides where "npm start" runs; secrets are for the host's user to hand on. */
const HANDED_ON = [
  'BALLAST_STATE_DIR',
  'TEMPORAL_ADDRESS',
  'TEMPORAL_NAMESPACE',
  'TASK_QUEUE_PREFIX',
];

function printHost(io: Io, host: HostName, mayTrade: boolean): void {
  const given = HANDED_ON.flatMap((name) => {
    const value = io.env[name]?.trim();
    return value ? [[name, value] as const] : [];
  });
  const { file, config } = hostConfig(host, {
    command: process.execPath,
    args: [
      join(projectRoot(), 'bin', 'ballast.mjs'),
      'mcp',
      ...(mayTrade ? ['--allow-trading'] : []),
    ],
    env: Object.fromEntries(given),
  });
  io.out(jsonText(config));
  io.err(`for ${file}; start the host again afterwards\n`);
  if (io.env['DATABASE_URL']) {
    io.err(
      'DATABASE_URL is set here and not printed, for it may hold a password: add it to "env"\n',
    );
  }
}
