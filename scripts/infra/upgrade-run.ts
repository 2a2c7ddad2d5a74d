/**
 * An upgrade with running trades: they are opened by the workers of one version; those are asked to end, the database is
 * brought up, and the workers of another version go on with the same trades, whose stories they tell anew from histories
 * that the version before has written.
 */
import { Client, Connection } from '@temporalio/client';
import { Stage, type Drill } from './drill-stage.js';
import { nakedIn, sentSince, until } from './drill-waits.js';

interface Upgrade extends Drill {
  /** The version of before: a checkout of it that is built. `root` is the one after. */
  readonly before: string;
}

/** Below the market, where an entry rests, and below its own limit, where it fills. */
const BELOW_MARKET = 0.97;
const BELOW_LIMIT = 0.999;

/** Runs it on a stage of its own. @returns what was wrong, a sentence each */
export async function runUpgrade(upgrade: Upgrade): Promise<string[]> {
  const { before, root, progress } = upgrade;
  const stage = await Stage.set({ ...upgrade, root: before });
  try {
    const { held, resting, price } = await progress.step('trades of the version before', () =>
      open(stage),
    );
    const entries = await stage.broker.entries();
    const unasked = await progress.step('its workers end, those after it start', () =>
      stage.upgrade(root),
    );
    const naked = await nakedIn(stage, 'after the upgrade');
    const { person, broker } = stage;
    await progress.step('the entry that rested fills, and is protected', async () => {
      await broker.setPrice('KO', price * BELOW_LIMIT);
      await until('it is protected', async () => (await person.trade(resting)).is_protected);
    });
    await progress.step('both are closed', async () => {
      for (const id of [held, resting]) {
        await until('the command is taken', () => person.close(id).then(() => true));
        await until('it is closed', async () => (await person.trade(id)).state === 'CLOSED');
      }
    });
    const failed = await progress.step('no workflow task has failed', () => failedTasks(stage));
    const harms = await broker.harms();
    return [...unasked, ...naked, ...failed, ...harms, ...(await sentSince(stage, entries))];
  } finally {
    await progress.step('all is stopped', () => stage.clear());
  }
}

async function open({ person, broker }: Stage) {
  const held = await person.submit('AAPL');
  const price = Number(((await broker.price('KO')) * BELOW_MARKET).toFixed(2));
  const resting = await person.submit('KO', price.toFixed(2));
  await until('it is protected', async () => (await person.trade(held)).is_protected);
  return { held, resting, price };
}

/** What a worker could not replay shows as a task that failed. */
async function failedTasks({ temporalAddress: address }: Stage): Promise<string[]> {
  const connection = await Connection.connect({ address });
  try {
    const client = new Client({ connection });
    const wrong: string[] = [];
    for await (const { workflowId, runId } of client.workflow.list()) {
      const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
      for (const { workflowTaskFailedEventAttributes: failed } of events ?? []) {
        if (failed) wrong.push(`${workflowId}: ${failed.failure?.message ?? 'a task failed'}`);
      }
    }
    return wrong;
  } finally {
    await connection.close();
  }
}
