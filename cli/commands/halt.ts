/**
 * `ballast halt` and `resume`: the halt file (RSK-5). It is written before anything else is looked at, and
 * what is wrong elsewhere is told afterwards.
 */
import type { App } from '../../app/app.js';
import { bookHalts, haltNotes } from '../../app/halt-record.js';
import {
  auditSwitch,
  halt,
  liftPauses,
  modes,
  resume,
  resumeStrategy,
} from '../../app/switches.js';
import { haltFilesOf, type HaltFiles } from '../../config/index.js';
import { EXIT, notFound, type ExitCode } from '../exit.js';
import type { Io } from '../io.js';
import { jsonText } from '../print.js';
import { actorName, withEmergencyApp } from '../stack.js';
import type { Register } from './context.js';

export const registerHalt: Register = (program, { io, finish }) => {
  program
    .command('halt')
    .option('--reason <text>', 'why, for whoever finds the file', 'by hand')
    .option('--json', 'print as JSON')
    .action(async ({ reason, json }: { reason: string; json?: boolean }) => {
      finish(await haltAll(io, reason, json === true));
    });

  program
    .command('resume')
    .option(
      '--strategy <name>',
      'let that strategy alone enter again: its mode is ACTIVE, its pauses end now',
    )
    .option('--json', 'print as JSON')
    .action(async ({ strategy, json }: { strategy?: string; json?: boolean }) => {
      const asJson = json === true;
      if (strategy === undefined) finish(await resumeAll(io, asJson));
      else finish(await resumeOne(io, strategy, asJson));
    });
};

/** The halt file, other modes and the pauses of accounts stay as they are. */
async function resumeOne(io: Io, strategy: string, asJson: boolean): Promise<ExitCode> {
  const resumed = await withEmergencyApp(io, (app) => resumeStrategy(app, strategy));
  if (resumed === null) throw notFound(`there is no strategy ${strategy}`);
  const { lifted, modeBefore } = resumed;
  if (asJson) io.out(jsonText({ strategy, lifted, mode_before: modeBefore }));
  else if (lifted.length === 0 && modeBefore === 'ACTIVE') io.out(`nothing paused ${strategy}\n`);
  if (asJson) return EXIT.ok;
  if (modeBefore !== 'ACTIVE') io.out(`its mode was ${modeBefore}, and is ACTIVE\n`);
  for (const line of lifted) io.out(`lifted: ${line}\n`);
  return EXIT.ok;
}

/** How many, the database knows, and a halt does not ask it. */
const CANCELLED =
  'entries that wait at the broker are cancelled; "ballast resume" does not bring them back\n';
const NOT_BACK =
  'entries that the halt cancelled do not come back: send their signals again, with new ids\n';

async function haltAll(io: Io, reason: string, asJson: boolean): Promise<ExitCode> {
  const { files, running } = haltFilesOf(io.env);
  const { done, failed } = halt(files, { actor: actorName(), reason });
  // "Halted" is said of an engine that is known to look at a file that is there, and of nothing else.
  const halted = running !== null && done.includes(running);
  const unconfirmed = halted ? null : whyUnconfirmed(running, failed);
  const file = running ?? done[0] ?? files[0]!;
  if (asJson) io.out(jsonText({ halted: halted || null, file, files: done, unconfirmed }));
  else if (halted) {
    io.out(`halted: nothing is opened while ${file} exists; positions stay protected\n`);
    for (const other of done.filter((each) => each !== file))
      io.err(
        `${other}, which HALT_FILE names here, is there as well; the engine looks at ${file}\n`,
      );
  } else {
    for (const each of done)
      io.out(`${each} is there: what looks at it opens nothing, and cancels resting entries\n`);
    io.out(`not confirmed that anything is halted: ${unconfirmed}\n`);
  }
  if (!asJson && halted) io.out(CANCELLED);
  for (const line of failed) io.err(`not written: ${line}\n`);
  const notes = haltNotes(done);
  await keepForTheRecord(io, HALT_LATER, (app) => bookHalts(app, notes));
  return failed.length > 0 ? EXIT.failed : EXIT.ok;
}

function whyUnconfirmed(running: HaltFiles['running'], failed: readonly string[]): string {
  if (failed.length > 0) return `${failed.join('; ')}; stop the workers instead`;
  if (running !== null) return `nothing shows that ${running} is there`;
  return 'no "npm start" runs in this checkout; workers that run elsewhere look at the HALT_FILE they were started with';
}

async function resumeAll(io: Io, asJson: boolean): Promise<ExitCode> {
  const { files } = haltFilesOf(io.env);
  const notes = haltNotes(files);
  const { done, failed } = resume(files);
  const wasHalted = done.length > 0;
  const lifted = await liftAll(io);
  await tellMode(io);
  const told = wasHalted ? `resumed: ${done.join(', ')} is gone` : 'there was no halt file';
  const pauses = lifted ? `, ${lifted} pauses of accounts lifted` : '';
  const isHalted = failed.length > 0;
  const found = { halted: isHalted, was_halted: wasHalted || isHalted, files: done };
  if (asJson) io.out(jsonText({ ...found, lifted_pauses: lifted }));
  else if (wasHalted || !isHalted) io.out(`${told}${pauses}\n`);
  if (!asJson && wasHalted) io.out(NOT_BACK);
  for (const line of failed) io.err(`still there, and halting: ${line}\n`);
  if (wasHalted) {
    await keepForTheRecord(io, RESUME_LOST, async (app) => {
      // One that was given without the database is known by nothing else any more.
      await bookHalts(app, notes);
      await auditSwitch(app, 'resume', {});
    });
  }
  return isHalted ? EXIT.failed : EXIT.ok;
}

/** How many were lifted; null without the database: they stay, and that is said. */
async function liftAll(io: Io): Promise<number | null> {
  try {
    return await withEmergencyApp(io, liftPauses, ['DATABASE_URL']);
  } catch (error) {
    io.err(`pauses after a mass breach stay, if there are any: ${reasonOf(error)}\n`);
    return null;
  }
}

/** What no halt file made stays: said, or somebody waits for trades that never come. */
async function tellMode(io: Io): Promise<void> {
  try {
    const [installation] = await withEmergencyApp(io, modes, ['DATABASE_URL']);
    const mode = installation?.mode ?? 'ACTIVE';
    if (mode === 'ACTIVE') return;
    io.err(`the mode of the installation stays ${mode}: "ballast mode ACTIVE" lets entries pass\n`);
  } catch {
    // That the database is away was said.
  }
}

const HALT_LATER =
  'it stands in the file alone; it is added to the audit log by "npm start" or "ballast resume" once the database answers';
const RESUME_LOST = 'it is not in the audit log, nor is the halt if the log had not got it';

/** The halt file is in force, or gone, without it: no database, no entry in the log. */
async function keepForTheRecord(
  io: Io,
  otherwise: string,
  keep: (app: App) => Promise<void>,
): Promise<void> {
  try {
    await withEmergencyApp(io, keep, ['DATABASE_URL']);
  } catch (error) {
    io.err(`${otherwise}: ${reasonOf(error)}\n`);
  }
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
