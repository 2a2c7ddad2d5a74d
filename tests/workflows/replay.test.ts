/**
 * Recorded histories of trades and reconciliations are replayed through the workflow's code of today: a change that would
 * take another way in a trade that is already running fails here (TRD-10). A history is recorded with
 * `temporal workflow show --workflow-id … --output json`; one of released code is never recorded anew.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { bundleWorkflowCode, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, 'histories');
const names = readdirSync(folder).filter((name) => name.endsWith('.json'));

interface History {
  readonly events: readonly {
    readonly workflowExecutionStartedEventAttributes?: {
      readonly workflowId?: string;
      readonly input?: { readonly payloads: { data: string }[] };
    };
  }[];
}

/** Adds members to the input of a recorded trade. */
function hint({ events }: History, hints: object): void {
  const payload = events[0]!.workflowExecutionStartedEventAttributes!.input!.payloads[0]!;
  const input = JSON.parse(Buffer.from(payload.data, 'base64').toString()) as object;
  payload.data = Buffer.from(JSON.stringify({ ...input, ...hints })).toString('base64');
}

/** A reconciliation goes by its own id; a trade's is of no matter. */
function idOf(name: string, { events }: History): string {
  const id = events[0]?.workflowExecutionStartedEventAttributes?.workflowId;
  return name.startsWith('reconcile') && id !== undefined ? id : `trade-${name}`;
}

describe('recorded histories', () => {
  let workflowBundle: WorkflowBundleWithSourceMap;
  beforeAll(async () => {
    workflowBundle = await bundleWorkflowCode({
      workflowsPath: join(here, '../../workflows/index.ts'),
      workflowInterceptorModules: [join(here, '../../workflows/trace.ts')],
    });
  }, 60_000);

  test('there are some', () => expect(names.length).toBeGreaterThan(0));

  test.each(names)('[TRD-10] %s replays without a change of way', async (name) => {
    const history = JSON.parse(readFileSync(join(folder, name), 'utf8')) as History;
    await Worker.runReplayHistory({ workflowBundle }, history, idOf(name, history));
  });

  // A newer front door gives hints that an older trade worker does not know, and plans without.
  test.each(['stopped.json', 'denied.json', 'holding-time.json'])(
    '[TRD-10] %s of an older worker replays, whatever hints its front door gave',
    async (name) => {
      const history = JSON.parse(readFileSync(join(folder, name), 'utf8')) as History;
      hint(history, { isAskable: true });
      await Worker.runReplayHistory({ workflowBundle }, history, idOf(name, history));
    },
  );
});
