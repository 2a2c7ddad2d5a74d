/** What the parts of one start share. */
import type { Config } from '../config/index.js';
import type { StartOptions } from './options.js';
import type { RunningPart } from './node-child.js';
import type { Ports } from './ports.js';

export interface Context {
  options: StartOptions;
  config: Config;
  stateDir: string;
  ports: Ports;
  /** The children's environment; each part adds where it can be reached. */
  env: NodeJS.ProcessEnv;
  /** Names of the variables in `env` that a command beside us needs too. */
  shared: Set<string>;
  /** Addresses for people. */
  urls: Record<string, string>;
  /** Prints one line. */
  say: (text: string) => void;
}

/** One step of a start, and the process it leaves behind, if it does. */
export interface Part {
  /** Of its log and of its entry in runtime.json. */
  name: string;
  /** On the terminal. */
  title: string;
  /** Trades are looked after without it: should it not start, or keep dying, the rest goes on. */
  isSpare?: true;
  /** Why it is not started here; undefined: it is. */
  skipped(context: Context): string | undefined;
  /** @param note takes a detail for the step's line */
  start(context: Context, note: (text: string) => void): Promise<RunningPart | undefined>;
}

/** Sets a variable for the children and for commands beside us. */
export function share(context: Context, name: string, value: string): void {
  context.env[name] = value;
  context.shared.add(name);
}
