/** The code of the workflows, as a worker runs it. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkerOptions } from '@temporalio/worker';

const here = dirname(fileURLToPath(import.meta.url));
/** Made by the build, so that a worker starts without bundling. */
const PREBUILT_BUNDLE = join(here, '..', 'workflow-bundle.js');
const WORKFLOWS_PATH = join(
  here,
  '..',
  'workflows',
  `index${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`,
);

/** What `workflows/failure-converter.ts` looks at; on the first line, which moves no other. */
const ENCODES_FAILURES = 'globalThis.ballastEncodesFailures = true;';

/** What carries traces through workflows; the bundle has it. */
const TRACE_PATH = WORKFLOWS_PATH.replace(/index(\.[jt]s)$/, 'trace$1');

/** @param isEncrypted whether the words of failures go into payloads too */
export function workflowCode(
  isEncrypted: boolean,
): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'> & { workflowModules?: string[] } {
  if (!existsSync(PREBUILT_BUNDLE)) {
    return { workflowsPath: WORKFLOWS_PATH, workflowModules: [TRACE_PATH] };
  }
  if (!isEncrypted) return { workflowBundle: { codePath: PREBUILT_BUNDLE } };
  return { workflowBundle: { code: ENCODES_FAILURES + readFileSync(PREBUILT_BUNDLE, 'utf8') } };
}
