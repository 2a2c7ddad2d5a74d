/** What the rest of the system takes from the configuration. */
export { dashboardFolder } from './dashboard.js';
export { haltFileOf, haltFilesOf, isHaltFile, noteHaltFile, type HaltFiles } from './halt-file.js';
export { limitsOf, type LimitShown } from './limits.js';
export { ConfigError, loadConfig, requireDatabaseUrl, type Config } from './load.js';
export { misspeltIn, misspeltText, unknownInFile, type Misspelt } from './misspelt.js';
export { configuredChannels, isLoopbackUrl } from './notifications.js';
export { limitsFrom, switchesFrom } from './risk.js';
export { reachSettings, type SettingName } from './schema.js';
export {
  givenSettings,
  readRuntime,
  runtimeFile,
  supervisorPid,
  withRuntime,
  type PartState,
  type Runtime,
} from './runtime.js';
