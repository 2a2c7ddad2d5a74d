/** What a command talks to: the application, opened for the owner of what runs here. */
import { userInfo } from 'node:os';
import { openApp, type App } from '../app/app.js';
import { ConfigError, loadConfig, readRuntime, withRuntime, type Config } from '../config/index.js';
import { tradeWorkflowId } from '../contract/workflows.js';
import { CliError, EXIT } from './exit.js';
import type { Io } from './io.js';

/** The settings as the running parts have them. @throws CliError naming each wrong variable */
export function readConfig(io: Io): Config {
  try {
    return loadConfig(withRuntime(io.env));
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

/** Opens the application, runs the work on it and closes it, whatever happens. */
export async function withApp<T>(io: Io, work: (app: App) => Promise<T>): Promise<T> {
  const app = await openApp(readConfig(io), actorName());
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}

/** Where a person can read a trade's history; null when no address of a Temporal UI is known. */
export function historyUrl(io: Io, { config }: App, tradeId: string): string | null {
  const uiUrl = readRuntime(io.env)?.urls['temporal-ui'];
  if (!uiUrl) return null;
  const workflow = `${config.temporalNamespace}/workflows/${tradeWorkflowId(tradeId)}`;
  return `${uiUrl.replace(/\/$/, '')}/namespaces/${workflow}`;
}
