/** `npm run snaptrade:stub`: the stub as a process of its own, for trying things out. */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { DEFAULT_CREDENTIALS } from './options.js';
import { startStub } from './stub.js';

const HELP = `Usage: npm run snaptrade:stub -- [--port N] [--control-port N]

A stub of SnapTrade on this machine, in memory. It prints the settings that lead to it, and runs until it is
stopped. 0 (the default) takes any free port. See docs/snaptrade.md.
`;

const EXIT_USAGE = 2;
const PORT_MAX = 65_535;

/**
 * Runs it until a signal ends it.
 * @param argv what stands after the command's name
 * @returns the process's exit code
 */
export async function main(argv: readonly string[]): Promise<number> {
  let ports: readonly [number, number];
  try {
    const port = { type: 'string', default: '0' } as const;
    const options = { port, 'control-port': port, help: { type: 'boolean', short: 'h' } } as const;
    const { values } = parseArgs({ args: [...argv], options });
    if (values.help) {
      process.stdout.write(HELP);
      return 0;
    }
    ports = [portFrom(values.port), portFrom(values['control-port'])];
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return EXIT_USAGE;
  }
  const stub = await startStub({ port: ports[0], controlPort: ports[1] });
  process.stdout.write(`${settingsText(stub.basePath)}\n`);
  process.stdout.write(`\nIts control port is http://127.0.0.1:${stub.controlPort}\n`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await stub.stop();
  return 0;
}

function portFrom(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= PORT_MAX) return port;
  throw new Error(`"${text}" is no port: allowed is a number from 0 to ${PORT_MAX}`);
}

/** As they stand in a shell before `npm start`; its credentials open nothing but the stub. */
function settingsText(basePath: string): string {
  const { clientId, consumerKey, userId, userSecret } = DEFAULT_CREDENTIALS;
  const settings = {
    ...{ BROKER: 'snaptrade', SNAPTRADE_URL: basePath, SNAPTRADE_QUOTES: 'live' },
    ...{ SNAPTRADE_CLIENT_ID: clientId, SNAPTRADE_CONSUMER_KEY: consumerKey },
    ...{ SNAPTRADE_USER_ID: userId, SNAPTRADE_USER_SECRET: userSecret },
  };
  return Object.entries(settings)
    .map(([name, value]) => `export ${name}=${value}`)
    .join('\n');
}
