/** What the rest of the system takes from the configuration. */
export { ConfigError, loadConfig, requireDatabaseUrl, type Config } from './load.js';
export { readRuntime, runtimeFile, withRuntime, type Runtime } from './runtime.js';
