/** Where this shell asks at another address than what `npm start` runs uses: whoever does not answer there is none of its processes. */
import { placeOf } from '../../app/app.js';
import { note, type Check, type PartName } from '../../app/doctor/check.js';
import {
  ConfigError,
  loadConfig,
  readRuntime,
  withRuntime,
  type Config,
  type SettingName,
} from '../../config/index.js';
import type { Io } from '../io.js';

/** What decides where a part is asked, and its value in words; secrets are not shown. */
const SHOWN = {
  DATABASE_URL: ({ databaseUrl: url }: Config) => (url === undefined ? 'none' : placeOf(url)),
  TEMPORAL_ADDRESS: (config: Config) => config.temporalAddress,
  TEMPORAL_NAMESPACE: (config: Config) => config.temporalNamespace,
  TASK_QUEUE_PREFIX: (config: Config) => config.taskQueuePrefix || 'none',
  BROKER: (config: Config) => config.broker,
  IBKR_HOST: (config: Config) => config.ibkrHost,
  IBKR_PORT: (config: Config) => String(config.ibkrPort),
  IBKR_CLIENT_ID: (config: Config) => String(config.ibkrClientId),
  API_HOST: (config: Config) => config.apiHost,
  API_PORT: (config: Config) => String(config.apiPort),
} satisfies Partial<Record<SettingName, (config: Config) => string>>;

type Address = keyof typeof SHOWN;

const DATABASE = ['DATABASE_URL'] as const;
const TEMPORAL = ['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE'] as const;
const TERMINAL = ['IBKR_HOST', 'IBKR_PORT'] as const;

/** By which settings a part is found, or what it says of itself. */
const ADDRESSES: Readonly<Record<PartName, readonly Address[]>> = {
  postgres: DATABASE,
  temporal: TEMPORAL,
  gateway: TERMINAL,
  'broker-worker': [...DATABASE, 'BROKER', ...TERMINAL, 'IBKR_CLIENT_ID'],
  'trade-worker': [...TEMPORAL, 'TASK_QUEUE_PREFIX'],
  notifier: DATABASE,
  api: ['API_HOST', 'API_PORT'],
};

/** One setting that leads this shell elsewhere. */
export interface Elsewhere {
  readonly name: Address;
  /** What it says here, and what runs here uses, as shown to people. */
  readonly here: string;
  readonly there: string;
}

/** The settings of this shell that differ from those of what runs; none where nothing runs, or it does not tell them. */
export function elsewhereOf(io: Io): readonly Elsewhere[] {
  const told = readRuntime(io.env)?.env ?? {};
  if (Object.keys(told).length === 0) return [];
  try {
    const here = loadConfig(withRuntime(io.env));
    const there = loadConfig(told);
    return (Object.keys(SHOWN) as Address[])
      .map((name) => ({ name, here: SHOWN[name](here), there: SHOWN[name](there) }))
      .filter(({ here: one, there: other }) => one !== other);
  } catch (error) {
    // The configuration's own line says what can't be used.
    if (error instanceof ConfigError) return [];
    throw error;
  }
}

/** In one sentence, for those that a part is found by; null: it is asked where it runs. */
export function elsewhereText(found: readonly Elsewhere[], part: PartName): string | null {
  const leading = found.filter(({ name }) => ADDRESSES[part].includes(name));
  return leading.length === 0 ? null : leading.map(sentenceOf).join('; ');
}

const sentenceOf = ({ name, here, there }: Elsewhere) =>
  `this shell's ${name} says ${here}, what runs here uses ${there}: unset it`;

/** A line for each, even where something answers: it is about another installation then. */
export function elsewhereChecks(io: Io): Check[] {
  return elsewhereOf(io).map(({ name, here, there }) =>
    note(
      'this shell',
      `its ${name} says ${here}, what runs here uses ${there}`,
      `unset ${name} to ask what runs here`,
    ),
  );
}
