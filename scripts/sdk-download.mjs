/**
 * node sdk-download.mjs dev-server|time-skipping FOLDER: has the Temporal SDK download a server into
 * a folder. In a process of its own, because the SDK can't be told to give up.
 */
import { TestWorkflowEnvironment } from '@temporalio/testing';

const [kind, downloadDir] = process.argv.slice(2);
const server = { executable: /** @type {const} */ ({ type: 'cached-download', downloadDir }) };
// The SDK downloads only on the way to a running server.
const environment =
  kind === 'time-skipping'
    ? await TestWorkflowEnvironment.createTimeSkipping({ server })
    : await TestWorkflowEnvironment.createLocal({ server });
await environment.teardown();
