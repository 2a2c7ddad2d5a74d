/** Checks of the checkout itself: Node, packages, generated code, configuration. */
import {
  ConfigError,
  haltFilesOf,
  loadConfig,
  misspeltIn,
  misspeltText,
  readRuntime,
  supervisorPid,
  unknownInFile,
  withRuntime,
  type Config,
  type Runtime,
} from '../../config/index.js';
import { checkNode } from '../../scripts/lib/bootstrap.mjs';
import { clientIsStale, bundleIsStale } from '../../scripts/lib/generate.mjs';
import { isFrozen } from '../../scripts/lib/processes.mjs';
import { dependenciesAreCurrent } from '../../scripts/lib/install.mjs';
import type { Io } from '../io.js';
import { awayText } from './running.js';
import { haltedBy } from '../../app/switches.js';
import { note, ok, reasonOf, wrong, type Check } from '../../app/doctor/check.js';

const BRING_UP_TO_DATE = 'run "npm start" or "npm test": both bring the checkout up to date';

export function nodeCheck(): Check {
  try {
    checkNode();
    return ok('Node', process.versions.node);
  } catch (error) {
    return wrong('Node', process.versions.node, reasonOf(error));
  }
}

export function packagesCheck(): Check {
  return dependenciesAreCurrent()
    ? ok('packages', 'as the lock file says')
    : wrong('packages', 'not those of the lock file', BRING_UP_TO_DATE);
}

export function buildCheck(): Check {
  const stale = [
    ...(clientIsStale() ? ['Prisma client'] : []),
    ...(bundleIsStale() ? ['workflow bundle'] : []),
  ];
  return stale.length === 0
    ? ok('build', 'up to date')
    : wrong('build', `older than the sources: ${stale.join(', ')}`, BRING_UP_TO_DATE);
}

export function supervisorCheck(io: Io): Check {
  const runtime = readRuntime(io.env);
  if (runtime) return runningCheck(runtime);
  const holder = supervisorPid(io.env);
  if (holder !== undefined) {
    return note('npm start', `process ${holder} is starting or stopping`, 'see what it prints');
  }
  return note('npm start', 'does not run in this checkout', 'start it, or run the parts yourself');
}

function runningCheck({ supervisor: { pid }, parts }: Runtime): Check {
  if (isFrozen(pid)) {
    const found = `process ${pid} is frozen (stopped by a signal): what ends is not started again`;
    return wrong('npm start', found, `"kill -CONT ${pid}" lets it go on`);
  }
  const away = Object.entries(parts).filter(([, { state }]) => state !== 'up');
  const found = `runs in this checkout, process ${pid}`;
  if (away.length === 0) return ok('npm start', found);
  const told = away.map(([name, part]) => awayText(name, part));
  return note('npm start', `${found}; ${told.join(', ')}`, 'wait; its log is in .ballast/logs');
}

export interface ConfigChecked {
  readonly check: Check;
  readonly config: Config | null;
}

export function configCheck(io: Io): ConfigChecked {
  try {
    const config = loadConfig(withRuntime(io.env));
    return { check: ok('configuration', 'every variable can be used'), config };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const remedy = `mend ${error.problems.length === 1 ? 'it' : 'them'}; docs/reference/configuration.md lists every variable`;
    return { check: wrong('configuration', error.problems.join('; '), remedy), config: null };
  }
}

/** Variables that somebody believes to have set. */
export function misspeltChecks(io: Io): Check[] {
  return [...misspeltIn(io.env), ...unknownInFile()].map((one) =>
    note(
      'configuration',
      misspeltText(one),
      `${one.meant === null ? 'take it away' : `write ${one.meant}`}; docs/reference/configuration.md lists every variable`,
    ),
  );
}

/** What is allowed to trade, and whether somebody has stopped it. */
export function permissionChecks(config: Config): Check[] {
  const trading = config.tradingEnabled
    ? ok('trading', 'enabled')
    : note(
        'trading',
        'off: every signal is denied with TRADING_DISABLED',
        'set TRADING_ENABLED=true where the workers are started',
      );
  const checks = [trading];
  if (config.readOnly) {
    checks.push(note('read only', 'every signal is denied', 'unset READ_ONLY to trade'));
  }
  return checks;
}

/** The halt files that are there, and whether this shell names another than the engine looks at. */
export function haltChecks(io: Io): Check[] {
  const { files, running } = haltFilesOf(io.env);
  const checks = files.flatMap((file) => {
    const why = haltedBy(file);
    return why === null
      ? []
      : [note('halt file', `${file}: ${why}`, 'take it away with "ballast resume"')];
  });
  const other = files.find((file) => file !== running);
  if (running === null || other === undefined) return checks;
  const found = `the engine looks at ${running}, HALT_FILE here names ${other}`;
  return [...checks, note('halt file', found, '"ballast halt" writes both; unset HALT_FILE here')];
}
