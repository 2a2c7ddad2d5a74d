/** Reads the configuration from the environment, once, in the main file of each process. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { projectRoot } from '../scripts/lib/paths.mjs';
import { metaOf } from './fields.js';
import { haltFileOf } from './halt-file.js';
import { contradictions, schema, settings, type SettingName, type Settings } from './schema.js';

type Camel<Name extends string> = Name extends `${infer First}_${infer Rest}`
  ? `${Lowercase<First>}${Capitalize<Camel<Rest>>}`
  : Lowercase<Name>;

/**
 * The configuration: each setting under its name in camel case (`RISK_PER_TRADE` is `riskPerTrade`).
 * Decimals are decimal strings; paths are absolute.
 */
export type Config = Readonly<
  { [Name in SettingName as Camel<Name>]: Settings[Name] } & { haltFile: string }
>;

/** One or more variables that can't be taken; the message lists all of them. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly problems: readonly string[]) {
    super(`The configuration can't be used:\n${problems.map((line) => `  ${line}`).join('\n')}`);
  }
}

const names = Object.keys(settings) as SettingName[];

/** `RISK_PER_TRADE` as `riskPerTrade`. */
export function camelCase(name: string): string {
  return name.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Reads a secret's file; a secret given in both ways is an error, for one of them is stale. */
function fromFile(name: SettingName, env: NodeJS.ProcessEnv, problems: string[]) {
  const file = env[`${name}_FILE`];
  if (!file || !metaOf(settings[name]).secret) return undefined;
  if (env[name]) problems.push(`${name} and ${name}_FILE are both set: keep one of them`);
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    problems.push(`${name}_FILE=${JSON.stringify(file)} can't be read: ${why}`);
    return undefined;
  }
}

/** An empty variable counts as unset, as compose files pass what is not there. */
function rawValues(
  env: NodeJS.ProcessEnv,
  wanted: readonly SettingName[],
  problems: string[],
): Record<string, string> {
  const raw: Record<string, string> = {};
  for (const name of wanted) {
    const value = fromFile(name, env, problems) ?? env[name]?.trim();
    if (value) raw[name] = value;
  }
  return raw;
}

function complaint(name: SettingName, value: string | undefined): string {
  const { allowed, defaultText, secret } = metaOf(settings[name]);
  const shown = secret ? '(not shown)' : JSON.stringify(value);
  const remedy = defaultText ? `; unset it for the default ${defaultText}` : '';
  return `${name}=${shown}: allowed is ${allowed}${remedy}`;
}

function check(raw: Record<string, string>, problems: string[]): Settings | undefined {
  const parsed = schema.safeParse(raw);
  if (!parsed.success) {
    const wrong = new Set(parsed.error.issues.map((issue) => issue.path[0] as SettingName));
    for (const name of wrong) problems.push(complaint(name, raw[name]));
    return undefined;
  }
  for (const { name, message } of contradictions(parsed.data)) {
    const { defaultText, secret } = metaOf(settings[name]);
    const shown = secret ? '(not shown)' : JSON.stringify(raw[name] ?? defaultText);
    problems.push(`${name}=${shown} ${message}`);
  }
  return parsed.data;
}

function absolute(path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(projectRoot(), path);
}

/**
 * Reads the settings.
 * @param env the process environment, or a test's own
 * @param wanted those that are read; all others are at their defaults, whatever the environment says
 * @throws ConfigError naming each wrong variable, its value and what is allowed
 */
export function loadConfig(
  env: NodeJS.ProcessEnv = process.env,
  wanted: readonly SettingName[] = names,
): Config {
  const problems: string[] = [];
  const values = check(rawValues(env, wanted, problems), problems);
  if (!values || problems.length > 0) throw new ConfigError(problems);
  const stateDir = resolve(projectRoot(), values.BALLAST_STATE_DIR);
  const entries = names.map((name) => [camelCase(name), values[name]] as const);
  const config = {
    ...Object.fromEntries(entries),
    ballastStateDir: stateDir,
    ballastFailpoints: absolute(values.BALLAST_FAILPOINTS),
    haltFile: haltFileOf({ BALLAST_STATE_DIR: stateDir, HALT_FILE: values.HALT_FILE }),
  };
  return Object.freeze(config) as unknown as Config;
}

/**
 * The database's address.
 * @throws ConfigError that says how to get one
 */
export function requireDatabaseUrl(config: Config): string {
  if (config.databaseUrl) return config.databaseUrl;
  throw new ConfigError([
    'DATABASE_URL is not set: run "npm start", which brings a database, or set it to ' +
      'postgresql://user:password@host:port/database',
  ]);
}
