/** What a command talks to: the application, opened for the owner of what runs here. */
import { userInfo } from 'node:os';
import { openApp, type App } from '../app/app.js';
import { openPatiently } from '../app/patience.js';
import {
  ConfigError,
  loadConfig,
  reachSettings,
  readRuntime,
  withRuntime,
  type Config,
  type SettingName,
} from '../config/index.js';
import { tradeWorkflowId, workflowsUrl } from '../contract/workflows.js';
import { CliError, EXIT } from './exit.js';
import type { Io } from './io.js';

/** The settings as the running parts have them. @throws CliError naming each wrong variable */
export function readConfig(io: Io): Config {
  return usable(() => loadConfig(withRuntime(io.env)));
}

/**
 * The settings for what must work in an emergency: what is wrong elsewhere is named and holds nothing up.
 * @param wanted what the command uses
 * @throws CliError naming each of these that can't be used
 */
function emergencyConfig(io: Io, wanted: readonly SettingName[]): Config {
  const env = withRuntime(io.env);
  const config = usable(() => loadConfig(env, [...wanted, 'BALLAST_STATE_DIR', 'HALT_FILE']));
  try {
    loadConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    io.err(
      `not used here, but to be mended:\n${error.problems.map((line) => `  ${line}\n`).join('')}`,
    );
  }
  return config;
}

function usable(read: () => Config): Config {
  try {
    return read();
  } catch (error) {
    if (error instanceof ConfigError) throw new CliError(EXIT.usage, error.message);
    throw error;
  }
}

/** Who gives a command, for the record. */
export function actorName(): string {
  try {
    return `cli:${userInfo().username}`;
  } catch {
    // A user id without an entry in the password file, as in some containers.
    return 'cli';
  }
}

/** What every command that trades waits for: a database that "npm start" starts again. */
export interface Patience {
  /** False (and so it is without it): what doesn't answer is told at once. */
  readonly isPatient?: boolean;
  /** What the database doesn't answer by then has failed; without it a lock is waited for. */
  readonly answerTimeoutMs?: number;
}

/** Opens the application, runs the work on it and closes it, whatever happens. */
export function withApp<T>(
  io: Io,
  work: (app: App) => Promise<T>,
  { isPatient = false, answerTimeoutMs }: Patience = {},
): Promise<T> {
  const open: Open =
    answerTimeoutMs === undefined
      ? opener(io, isPatient)
      : (config, actor) => openApp(config, actor, answerTimeoutMs);
  return withAppOf(() => readConfig(io), work, open);
}

/**
 * The same for what must work in an emergency.
 * @param wanted the settings that have to be right
 */
export function withEmergencyApp<T>(
  io: Io,
  work: (app: App) => Promise<T>,
  wanted: readonly SettingName[] = reachSettings,
): Promise<T> {
  return withAppOf(() => emergencyConfig(io, wanted), work, openApp);
}

/** The same for a command to a trade: a database that is being started again is waited for. */
export function withCommandApp<T>(io: Io, work: (app: App) => Promise<T>): Promise<T> {
  return withAppOf(() => emergencyConfig(io, reachSettings), work, opener(io, true));
}

type Open = (config: Config, actor: string) => Promise<App>;

/** Only what "npm start" runs comes back by itself. */
function opener(io: Io, isPatient: boolean): Open {
  return isPatient && readRuntime(io.env) !== undefined ? openPatiently : openApp;
}

async function withAppOf<T>(
  read: () => Config,
  work: (app: App) => Promise<T>,
  open: Open,
): Promise<T> {
  const app = await open(read(), actorName());
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}

/** Where a person can read a trade's history; null when no address of a Temporal UI is known. */
export function historyUrl(io: Io, { config }: App, tradeId: string): string | null {
  const uiUrl = config.temporalUiUrl ?? readRuntime(io.env)?.urls['temporal-ui'];
  if (!uiUrl) return null;
  return `${workflowsUrl(uiUrl, config.temporalNamespace)}${tradeWorkflowId(tradeId)}`;
}
