/** What is up and what isn't, for whoever watches this installation; nothing in it names an account or an address. */
import { tradeQueue } from '../contract/workflows.js';
import { linkStates, type LinkState } from '../store/reads.js';
import { beatingWorkers } from '../store/worker-beats.js';
import type { SharedApp } from './users.js';
import { within } from './within.js';

export interface PartHealth {
  /** `database`, `temporal`, `trade worker`, `broker link`. */
  readonly name: string;
  /** `unknown`: what would tell does not answer. */
  readonly state: 'up' | 'down' | 'unknown';
  readonly detail: string;
}

export interface HealthView {
  /** `down`: the database does not answer; `degraded`: another part is down. */
  readonly status: 'up' | 'degraded' | 'down';
  readonly parts: readonly PartHealth[];
}

/** Asked more often, it gives what it found last: it needs no token, so anybody may ask. */
const KEPT_MS = 1_000;
/** A part that takes longer is as good as down for whoever asks. */
const ANSWER_TIMEOUT_MS = 2_000;
/** A worker asks its queue again once a minute: whether it moves, its beats tell. */
const POLLER_AGE_MS = 90_000;
/** Of `temporal.api.enums.v1.TaskQueueType`. */
const WORKFLOW_QUEUE = 1;

/** Makes the reader of one process. */
export function healthReader(shared: SharedApp): () => Promise<HealthView> {
  let newest: { readonly atMs: number; readonly found: Promise<HealthView> } | null = null;
  return () => {
    if (newest === null || Date.now() - newest.atMs > KEPT_MS) {
      newest = { atMs: Date.now(), found: readHealth(shared) };
    }
    return newest.found;
  };
}

async function readHealth(shared: SharedApp): Promise<HealthView> {
  const [ofDatabase, ofTemporal] = await Promise.all([
    databaseParts(shared),
    temporalParts(shared),
  ]);
  const parts = [...ofDatabase, ...ofTemporal];
  if (ofDatabase[0]?.state !== 'up') return { status: 'down', parts };
  return { status: parts.every(({ state }) => state === 'up') ? 'up' : 'degraded', parts };
}

async function databaseParts({ db }: SharedApp): Promise<PartHealth[]> {
  try {
    const links = await inTime(linkStates(db));
    return [{ name: 'database', state: 'up', detail: 'answers' }, linkPart(links)];
  } catch {
    const detail = 'does not answer, or has not been migrated';
    return [
      { name: 'database', state: 'down', detail },
      { name: 'broker link', state: 'unknown', detail: 'the database knows' },
    ];
  }
}

function linkPart(links: readonly LinkState[]): PartHealth {
  const name = 'broker link';
  if (links.length === 0) return { name, state: 'down', detail: 'no broker was ever connected' };
  const bad = links.find(({ isReady }) => !isReady);
  if (bad === undefined) return { name, state: 'up', detail: 'ready' };
  const why = bad.isHeld ? '' : ': no worker holds it';
  return { name, state: 'down', detail: `not ready since ${bad.downSince ?? 'now'}${why}` };
}

async function temporalParts(shared: SharedApp): Promise<PartHealth[]> {
  try {
    const listed = await inTime(listedWorkers(shared));
    // A database that is away says so in its own part.
    const moving = await inTime(movingWorkers(shared)).catch(() => null);
    return [{ name: 'temporal', state: 'up', detail: 'answers' }, workerPart(listed, moving)];
  } catch {
    return [
      { name: 'temporal', state: 'down', detail: 'does not answer' },
      { name: 'trade worker', state: 'unknown', detail: 'Temporal knows' },
    ];
  }
}

/**
 * @param listed how many Temporal knows: none right after it was started again, until they ask it anew
 * @param moving how many say in the database that they move; null: it is not known
 */
function workerPart(listed: number, moving: number | null): PartHealth {
  const name = 'trade worker';
  const count = Math.min(listed, moving ?? listed);
  if (count > 0) return { name, state: 'up', detail: `${count} at work` };
  if (listed > 0 || moving === 0) return { name, state: 'down', detail: '0 at work' };
  const detail = `Temporal knows none${moving === null ? '' : `, though ${moving} run`}: where Temporal itself was started again, they come back to it within moments`;
  return { name, state: 'down', detail };
}

/** Null where none has ever said so: one of an earlier version says nothing. */
function movingWorkers({ db, config }: SharedApp): Promise<number | null> {
  return beatingWorkers(db, tradeQueue(config.taskQueuePrefix));
}

async function listedWorkers({ config, temporal }: SharedApp): Promise<number> {
  const client = await temporal();
  const { pollers } = await client.withDeadline(Date.now() + ANSWER_TIMEOUT_MS, () =>
    client.connection.workflowService.describeTaskQueue({
      namespace: config.temporalNamespace,
      taskQueue: { name: tradeQueue(config.taskQueuePrefix) },
      taskQueueType: WORKFLOW_QUEUE,
    }),
  );
  const oldestMs = Date.now() - POLLER_AGE_MS;
  return (pollers ?? []).filter(
    ({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1_000 > oldestMs,
  ).length;
}

function inTime<T>(work: Promise<T>): Promise<T> {
  return within(work, ANSWER_TIMEOUT_MS, () => new Error('no answer in time'));
}
