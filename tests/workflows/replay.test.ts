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
    readonly workflowExecutionStartedEventAttributes?: { readonly workflowId?: string };
  }[];
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
    });
  }, 60_000);

  test('there are some', () => expect(names.length).toBeGreaterThan(0));

  test.each(names)('[TRD-10] %s replays without a change of way', async (name) => {
    const history = JSON.parse(readFileSync(join(folder, name), 'utf8')) as History;
    await Worker.runReplayHistory({ workflowBundle }, history, idOf(name, history));
  });
});
