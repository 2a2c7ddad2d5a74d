/** `ballast doctor`: looks at every part and says how to mend what is wrong. */
import { configuredChannels, type Config } from '../../config/index.js';
import type { App } from '../../app/app.js';
import { reasonOf, skipped, wrong, type Check, type CheckState } from '../../app/doctor/check.js';
import {
  buildCheck,
  configCheck,
  haltChecks,
  misspeltChecks,
  nodeCheck,
  packagesCheck,
  permissionChecks,
  supervisorCheck,
} from '../doctor/checkout.js';
import {
  brokerChecks,
  brokerPortCheck,
  databaseChecks,
  temporalChecks,
} from '../../app/doctor/services.js';
import { elsewhereChecks } from '../doctor/elsewhere.js';
import { awayOf, remedyOf } from '../doctor/running.js';
import { apiChecks } from '../doctor/api.js';
import { machineChecks } from '../doctor/machine.js';
import { hookChecks } from '../../app/doctor/hooks.js';
import { livePortChecks } from '../../app/doctor/live.js';
import { notificationChecks } from '../../app/doctor/notifications.js';
import { attentionChecks } from '../../app/doctor/attention.js';
import { EXIT, type ExitCode } from '../exit.js';
import type { Io } from '../io.js';
import { jsonText, paint, type Paint } from '../print.js';
import { withApp } from '../stack.js';
import type { Register } from './context.js';

export const registerDoctor: Register = (program, { io, finish }) => {
  program
    .command('doctor')
    .option('--json', 'print as JSON')
    .action(async (options: { json?: boolean }) => {
      finish(await doctor(io, options.json === true));
    });
};

async function doctor(io: Io, asJson: boolean): Promise<ExitCode> {
  const checks: Check[] = [];
  const tell = (...found: readonly Check[]) => {
    checks.push(...found);
    if (!asJson) for (const check of found) io.out(checkText(io, check));
  };
  tell(nodeCheck(), packagesCheck(), buildCheck(), supervisorCheck(io));
  tell(...machineChecks(io), ...haltChecks(io));
  const { check, config } = configCheck(io);
  tell(check, ...misspeltChecks(io));
  if (config) await checkParts(io, config, tell);
  const isWell = checks.every(({ state }) => state !== 'wrong');
  if (asJson) io.out(jsonText({ is_well: isWell, checks }));
  return isWell ? EXIT.ok : EXIT.failed;
}

async function checkParts(
  io: Io,
  config: Config,
  tell: (...found: readonly Check[]) => void,
): Promise<void> {
  tell(...elsewhereChecks(io), ...permissionChecks(config));
  const start = remedyOf(io);
  const database = await databaseChecks(config, start);
  tell(...database);
  tell(...(await temporalChecks(config, start)));
  tell(...(await apiChecks(config, start)));
  tell(await brokerPortCheck(config, start), ...livePortChecks(config));
  if (database.some(({ state }) => state === 'wrong')) {
    tell(skipped('broker worker', 'its health is told by the database'));
    return;
  }
  const ask = async (check: (app: App) => Promise<readonly Check[]>) =>
    tell(...(await withApp(io, check, { answerTimeoutMs: ANSWER_TIMEOUT_MS })));
  try {
    await ask((app) => brokerChecks(app, start, awayOf(io)));
    const channels = configuredChannels(config);
    await ask((app) => notificationChecks(app, channels, start));
    await ask(hookChecks);
    await ask(attentionChecks);
  } catch (error) {
    tell(wrong('broker worker', reasonOf(error), 'mend the database first'));
  }
}

/** Of a table that somebody holds nobody hears without end: who asks what is wrong is told that. */
const ANSWER_TIMEOUT_MS = 5_000;

const MARKS: Readonly<Record<CheckState, readonly [string, Paint]>> = {
  ok: ['✓', 'green'],
  note: ['!', 'yellow'],
  wrong: ['✗', 'red'],
  skipped: ['-', 'dim'],
};

/** The longest name is `search attributes`. */
const NAME_WIDTH = 18;

function checkText(io: Io, { name, state, found, remedy }: Check): string {
  const [mark, colour] = MARKS[state];
  const indent = ' '.repeat(NAME_WIDTH + 4);
  const mend = remedy && state !== 'ok' ? `${indent}→ ${remedy}\n` : '';
  return `${paint(io, colour, mark)} ${name.padEnd(NAME_WIDTH)}  ${found}\n${mend}`;
}
