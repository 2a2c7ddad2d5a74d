/**
 * What Temporal's clients and workers of this process add to take part in traces. Nothing until tracing is started
 * (telemetry/tracing.ts), which happens before the first of them is made: the packages it takes are loaded then alone.
 */
import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';

/** A run that began, as the workflow tells it (workflows/trace.ts). */
export interface RunBegun {
  readonly traceId: string;
  readonly parentSpanId: string;
  readonly spanId: string;
  /** Two hexadecimal digits, as in the W3C header. */
  readonly flags: string;
  readonly startedAtMs: number;
  readonly takenUpAtMs: number;
}

export interface TemporalTracing {
  readonly client: readonly WorkflowClientInterceptor[];
  readonly activity: readonly ActivityInterceptorsFactory[];
  /** Tells of a run that this process's worker took up. */
  runBegun(run: RunBegun, workflow: { readonly type: string; readonly id: string }): void;
}

const NONE: TemporalTracing = { client: [], activity: [], runBegun: () => undefined };

let installed = NONE;

export function temporalTracing(): TemporalTracing {
  return installed;
}

/** For whoever starts or ends tracing. */
export function installTemporalTracing(tracing: TemporalTracing | null): void {
  installed = tracing ?? NONE;
}
