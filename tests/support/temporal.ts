/** Temporal for tests: the run's one server, and time-skipping ones of a test file's own. */
import { randomBytes } from 'node:crypto';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { SEARCH_ATTRIBUTES } from '../../scripts/infra/temporal.js';
import type { TemporalService, TestServerService } from '../../scripts/infra/test-services.js';
import { ask } from './services.js';

/** Numbers of `temporal.api.enums.v1.IndexedValueType`. */
const INDEXED_VALUE_TYPE = { Keyword: 2, Bool: 5 } as const;

/**
 * The time-skipping server jumps to the end of a workflow's execution time when all is idle: ten
 * years by default. Tests only: in production this would end a trade with an open position.
 */
const EXECUTION_TIMEOUT = msToTs('30 days');

/** Host and port of the Temporal server that all tests of this run share. */
export async function temporalAddress(): Promise<string> {
  const { address } = await ask<TemporalService>('temporal');
  return address;
}

/** A prefix for task queues and ids that no other test uses: what keeps tests apart. */
export function uniquePrefix(): string {
  return `t${randomBytes(5).toString('hex')}-`;
}

const withExecutionTimeout: WorkflowClientInterceptor = {
  start: (input, next) =>
    next({
      ...input,
      options: { workflowExecutionTimeout: EXECUTION_TIMEOUT, ...input.options },
    }),
  signalWithStart: (input, next) =>
    next({
      ...input,
      options: { workflowExecutionTimeout: EXECUTION_TIMEOUT, ...input.options },
    }),
};

/**
 * A server on which waiting workflows skip the wait. One for each test file: its clock goes on from
 * where the last test left it. It has no lists, counts or schedules. Call `teardown()` at the end.
 */
export async function timeSkippingEnv(): Promise<TestWorkflowEnvironment> {
  const { path } = await ask<TestServerService>('test-server');
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
    client: { interceptors: { workflow: [withExecutionTimeout] } },
  });
  const types = Object.entries(SEARCH_ATTRIBUTES).map(
    ([name, type]) => [name, INDEXED_VALUE_TYPE[type]] as const,
  );
  await environment.connection.operatorService.addSearchAttributes({
    namespace: environment.namespace ?? 'default',
    searchAttributes: Object.fromEntries(types),
  });
  return environment;
}
