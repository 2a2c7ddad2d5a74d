/** The command line of `npm start`. */
import { parseArgs } from 'node:util';

export interface StartOptions {
  /** Drop all state first. */
  fresh: boolean;
  /** End after the sample signals' lives. */
  once: boolean;
  /** Show the sample signals once all is up. */
  demo: boolean;
  help: boolean;
  /** Handed on to the paper gateway. */
  gatewayFlags: string[];
  /** Those that were given, which a gateway that runs already does not take. */
  givenFlags: string[];
}

export const USAGE = `npm start -- [options]

  --fresh            drop the state of earlier starts first
  --once             end after the sample signals, with their exit code
  --no-demo          show no sample signals
  --market MARKET    of the paper gateway: simulated or replay:FOLDER
  --seed NUMBER      of its simulation
  --speed FACTOR     of its clock
  --hours HOURS      always (the default here) or exchange
  --help             this text
`;

/** Flags of the paper gateway that are taken here too. */
const GATEWAY_FLAGS = ['market', 'seed', 'speed', 'hours'] as const;

/** So that the samples run on any day at any hour. */
const DEFAULT_HOURS = 'always';

/**
 * @param args without the program's own name
 * @throws TypeError naming an unknown option
 */
export function parseOptions(args: string[]): StartOptions {
  const { values, tokens } = parseArgs({
    args,
    tokens: true,
    allowNegative: true,
    options: {
      fresh: { type: 'boolean', default: false },
      once: { type: 'boolean', default: false },
      demo: { type: 'boolean', default: true },
      help: { type: 'boolean', default: false },
      market: { type: 'string' },
      seed: { type: 'string' },
      speed: { type: 'string' },
      hours: { type: 'string', default: DEFAULT_HOURS },
    },
  });
  const gatewayFlags = GATEWAY_FLAGS.flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [`--${name}`, value];
  });
  const { fresh, once, demo, help } = values;
  const isGateways = new Set<string>(GATEWAY_FLAGS);
  const givenFlags = tokens.flatMap((token) =>
    token.kind === 'option' && isGateways.has(token.name)
      ? [`--${token.name} ${token.value ?? ''}`.trim()]
      : [],
  );
  return { fresh, once, demo, help, gatewayFlags, givenFlags };
}

/** What is to be said of flags that change nothing in what runs already; null: there are none. */
export function ignoredText({ givenFlags }: Pick<StartOptions, 'givenFlags'>): string | null {
  if (givenFlags.length === 0) return null;
  return `${givenFlags.join(' ')}: not taken, for the gateway that runs keeps what it was started with; stop it (Ctrl-C there), then start with them.`;
}
