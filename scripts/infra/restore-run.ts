/**
 * The drill of a restore: trades are opened and the database is backed up; more is traded; everything but the broker is
 * killed, the database is dropped, and Temporal loses its memory. The backup is restored, the processes start, and the
 * broker's own ledger is asked whether every position kept its stop and whether anything was sent twice.
 */
import { Stage, type Drill } from './drill-stage.js';
import { nakedIn, sentSince, until } from './drill-waits.js';

export type { Drill } from './drill-stage.js';

/** Beyond a target, so that it fills. */
const ABOVE_TARGET = 1.02;
/** Below the market, where an entry rests. */
const BELOW_MARKET = 0.97;

/** Held through it all, closed after the backup, resting until the restore, and opened after the backup. */
type Ids = Readonly<Record<'held' | 'closed' | 'resting' | 'lacking', string>>;

/**
 * Runs it on a stage of its own.
 * @returns what was wrong, a sentence each; nothing when all was as it must be
 */
export async function runDrill(drill: Drill): Promise<string[]> {
  const stage = await Stage.set(drill);
  try {
    return await play(stage, drill);
  } finally {
    await drill.progress.step('all is stopped', () => stage.clear());
  }
}

async function play(stage: Stage, { progress }: Drill): Promise<string[]> {
  const ids = await progress.step('trades, a backup, more trades', () => trade(stage));
  const entries = await stage.broker.entries();
  await progress.step('workers and Temporal killed, database dropped', () => stage.lose());
  const naked = await nakedIn(stage, 'while all was down');
  const startedAtMs = Date.now();
  await progress.step('restore and start', () => stage.restore());
  const late = await progress.step('the books come up to the broker', () => comesUp(stage, ids));
  const seconds = Math.round((Date.now() - startedAtMs) / 1_000);
  progress.line(`in line with the broker ${seconds} s after the restore began`);
  const harms = [
    ...(await nakedIn(stage, 'after the restore')),
    ...(await stage.broker.harms()),
    ...(await sentSince(stage, entries)),
  ];
  const ended = await progress.step('a person closes the trade that is held', () =>
    endAll(stage, ids),
  );
  return [...naked, ...late, ...harms, ...ended, ...(await sentSince(stage, entries))];
}

async function trade(stage: Stage): Promise<Ids> {
  const { person, broker } = stage;
  const [held, closed] = [await person.submit('AAPL'), await person.submit('MSFT')];
  const limit = ((await broker.price('KO')) * BELOW_MARKET).toFixed(2);
  const resting = await person.submit('KO', limit);
  await until('both are protected', async () =>
    (await Promise.all([held, closed].map((id) => person.trade(id)))).every((t) => t.is_protected),
  );
  await stage.backUp();
  const lacking = await until('an entry is taken again', () => person.submit('IBM'));
  const { target_price: target } = await person.trade(closed);
  await broker.setPrice('MSFT', Number(target) * ABOVE_TARGET);
  await until('the target fills', async () => (await person.trade(closed)).state === 'CLOSED');
  return { held, closed, resting, lacking };
}

/** @returns what was waited for in vain */
async function comesUp({ person }: Stage, ids: Ids): Promise<string[]> {
  const isSo: Record<string, () => Promise<boolean>> = {
    'what the broker did since the backup is booked': async () =>
      (await person.trade(ids.closed)).state === 'CLOSED',
    'the trade that is held is protected': async () => {
      const { state, is_protected: isProtected } = await person.trade(ids.held);
      return state === 'OPEN' && isProtected;
    },
    'entries wait for a person': async () =>
      (await person.pauses()).some(({ kind }) => kind === 'recovery'),
    'the entry that rested is cancelled, as by any pause': async () =>
      (await person.trade(ids.resting)).state === 'CANCELLED',
  };
  const wrong: string[] = [];
  for (const [what, check] of Object.entries(isSo)) {
    await until(what, check).catch((error: Error) => wrong.push(error.message));
  }
  return wrong;
}

/** A command is carried out by a trade's workflow: the one that is held must have one again. */
async function endAll({ person }: Stage, { held }: Ids): Promise<string[]> {
  await person.close(held);
  const isClosed = async () => (await person.trade(held)).state === 'CLOSED';
  return until('the trade that was held is closed', isClosed).then(
    () => [],
    (error: Error) => [error.message],
  );
}
