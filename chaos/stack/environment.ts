/** What a shell hands on to the engine under test: all but the engine's own settings, which are the judge's. */
import { settings } from '../../config/schema.js';

/** Names that the engine, its servers' starters or its test hooks read beside the settings. */
const OURS = /^(BALLAST_|IBKR_|TEMPORAL_|PG)/;
/** Where programs are kept between checkouts is the machine's, not the engine's. */
const KEPT = /^BALLAST_CACHE_DIR$/;

/** @returns the environment without any setting of the engine's */
export function settingFree(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isFree = (name: string) => KEPT.test(name) || (!(name in settings) && !OURS.test(name));
  return Object.fromEntries(Object.entries(env).filter(([name]) => isFree(name)));
}
