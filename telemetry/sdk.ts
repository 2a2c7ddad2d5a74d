/** OpenTelemetry in one process: where spans go, and what carries them through Temporal. */
import { SpanKind, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes, type Resource } from '@opentelemetry/resources';
import { core, node, tracing } from '@opentelemetry/sdk-node';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import {
  makeWorkflowExporter,
  OpenTelemetryActivityInboundInterceptor,
  OpenTelemetryWorkflowClientInterceptor,
  type SerializableSpan,
} from '@temporalio/interceptors-opentelemetry-v2';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { WorkflowInfo } from '@temporalio/workflow';
import type { RunBegun, TemporalTracing } from './temporal.js';
import { ownVersion } from './version.js';

/** Spans leave that soon after their end. */
const SEND_EVERY_MS = 1_000;
/** A receiver that takes longer loses the batch. */
const SEND_WITHIN_MS = 5_000;
/** What waits to be sent, some 2 MB; what is more is dropped. */
const WAITING_MAX = 2_048;
/** A process that ends waits no longer for its last spans. */
const STOP_WITHIN_MS = 1_000;
/** As the interceptors have it. */
const HEADER = '_tracer-data';
const HEX = 16;

export interface SdkOptions {
  readonly service: string;
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Sdk {
  readonly temporal: TemporalTracing;
  stop(): Promise<void>;
}

/** Starts it. How much is kept is said by OTEL_TRACES_SAMPLER, as everywhere; all of it unless that says otherwise. */
export function startSdk({ service, endpoint, headers }: SdkOptions): Sdk {
  const resource = resourceFromAttributes({
    'service.name': service,
    'service.namespace': 'ballast',
    'service.version': ownVersion(),
    'service.instance.id': String(process.pid),
  });
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
    headers: { ...headers },
    timeoutMillis: SEND_WITHIN_MS,
  });
  const processor = new tracing.BatchSpanProcessor(exporter, {
    scheduledDelayMillis: SEND_EVERY_MS,
    exportTimeoutMillis: SEND_WITHIN_MS,
    maxQueueSize: WAITING_MAX,
  });
  const provider = new node.NodeTracerProvider({ resource, spanProcessors: [processor] });
  provider.register({ propagator: new core.W3CTraceContextPropagator() });
  return { temporal: temporalOf(processor, resource), stop: () => stopped(provider) };
}

async function stopped(provider: node.NodeTracerProvider): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, STOP_WITHIN_MS);
  });
  await Promise.race([provider.shutdown().catch(() => undefined), late]);
  clearTimeout(timer);
}

function temporalOf(processor: tracing.SpanProcessor, resource: Resource): TemporalTracing {
  const exportSpans = makeWorkflowExporter(processor, resource).export.fn;
  return {
    client: [clientWithinSpans()],
    activity: [activityOfTrace],
    runBegun: (run, workflow) => {
      // A trace that is not sampled is passed on, and not shown.
      if ((flagsOf(run) & TraceFlags.SAMPLED) === 0) return;
      void exportSpans({} as WorkflowInfo, [spanOf(run, workflow)]);
    },
  };
}

type Method = (input: unknown, next: (input: unknown) => unknown) => unknown;

/** A call that is part of a trace is a span of it; what a process does by itself begins no trace. */
function clientWithinSpans(): WorkflowClientInterceptor {
  const traced = new OpenTelemetryWorkflowClientInterceptor();
  const names = [
    'start',
    'startWithDetails',
    'signal',
    'startUpdate',
    'startUpdateWithStart',
  ].concat(['signalWithStart', 'query', 'terminate', 'cancel', 'describe']);
  const methods = names.map((name) => {
    const own = (traced as unknown as Record<string, Method>)[name]!.bind(traced);
    const method: Method = (input, next) =>
      trace.getActiveSpan() === undefined ? next(input) : own(input, next);
    return [name, method] as const;
  });
  return Object.fromEntries(methods);
}

/** The same of activities: those of a trade that began without a trace have none. */
const activityOfTrace: ActivityInterceptorsFactory = (context) => {
  const traced = new OpenTelemetryActivityInboundInterceptor(context);
  return {
    inbound: {
      execute: (input, next) =>
        HEADER in input.headers ? traced.execute(input, next) : next(input),
    },
  };
};

/** From the start of a run until a worker took it up: what comes of it then are spans of its own. */
function spanOf(run: RunBegun, { type, id }: { type: string; id: string }): SerializableSpan {
  const { traceId, spanId, parentSpanId, startedAtMs, takenUpAtMs } = run;
  const traceFlags = flagsOf(run);
  return {
    name: `RunWorkflow:${type}`,
    kind: SpanKind.INTERNAL,
    spanContext: { traceId, spanId, traceFlags },
    parentSpanContext: { traceId, spanId: parentSpanId, traceFlags, isRemote: true },
    startTime: core.millisToHrTime(startedAtMs),
    endTime: core.millisToHrTime(Math.max(startedAtMs, takenUpAtMs)),
    duration: core.millisToHrTime(Math.max(0, takenUpAtMs - startedAtMs)),
    status: { code: SpanStatusCode.UNSET },
    attributes: { temporalWorkflowId: id },
    ...{ links: [], events: [], ended: true },
    ...{ droppedAttributesCount: 0, droppedLinksCount: 0, droppedEventsCount: 0 },
    instrumentationScope: { name: 'ballast' },
  };
}

function flagsOf({ flags }: RunBegun): number {
  return Number.parseInt(flags, HEX);
}
