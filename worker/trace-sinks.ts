/** The worker's side of `workflows/trace.ts`: a run that it takes up is a span of its trace. */
import type { InjectedSinks } from '@temporalio/worker';
import { temporalTracing } from '../telemetry/temporal.js';
import type { TraceSinks } from '../workflows/trace.js';

/** There whether this process traces or not: the header may come from one that does. */
export const TRACE_SINKS: InjectedSinks<TraceSinks> = {
  trace: {
    takenUp: {
      fn: ({ workflowType: type, workflowId: id }, run) =>
        temporalTracing().runBegun(run, { type, id }),
      callDuringReplay: false,
    },
  },
};
