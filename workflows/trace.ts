/**
 * A trade's place in a trace: what the client says of it in a header (W3C trace context) goes on to the activities, as
 * parts of a span of this run. Nothing here waits or draws by lot: calls are passed on in the same tick, and the span's
 * id is taken from the run's, so that a history replays alike with a trace, without one, and by workers of either kind.
 */
import { defaultPayloadConverter, type Headers, type Payload } from '@temporalio/common';
import {
  proxySinks,
  workflowInfo,
  type Sinks,
  type WorkflowInterceptors,
  type WorkflowInterceptorsFactory,
} from '@temporalio/workflow';

/** As the interceptors of Temporal's clients and workers name it. It is no secret, and never encrypted. */
const HEADER = '_tracer-data';
/** Version, trace, span and flags (https://www.w3.org/TR/trace-context/). */
const PARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const SPAN_ID_DIGITS = 16;

/** What a worker is told of a run that begins. */
export interface RunSpan {
  readonly traceId: string;
  readonly parentSpanId: string;
  readonly spanId: string;
  readonly flags: string;
  readonly startedAtMs: number;
  readonly takenUpAtMs: number;
}

export interface TraceSinks extends Sinks {
  trace: {
    /** A run that is part of a trace was taken up by a worker. */
    takenUp(span: RunSpan): void;
  };
}

interface Carrier {
  readonly traceparent?: string;
  readonly tracestate?: string;
}

/** Read by the SDK, in each workflow. */
export const interceptors: WorkflowInterceptorsFactory = (): WorkflowInterceptors => {
  const { trace } = proxySinks<TraceSinks>();
  let own: { readonly traceId: string; readonly header: Payload } | null = null;
  // A command is told by a signal, or by an update from the Temporal UI: what it asks for is part of its trace. What
  // comes back from steps of the same trace is told within that of the run, or each would be a part of the one before.
  const takeOver = (headers: Headers): void => {
    const header = headers[HEADER];
    const found = parentIn(headers);
    if (found === null || header === undefined || found.traceId === own?.traceId) return;
    own = { traceId: found.traceId, header };
  };
  const withTrace = <Input extends { readonly headers: Headers }>(input: Input): Input =>
    own === null ? input : { ...input, headers: { ...input.headers, [HEADER]: own.header } };
  return {
    inbound: [
      {
        execute(input, next) {
          const found = parentIn(input.headers);
          if (found !== null) {
            own = { traceId: found.traceId, header: headerOf(found) };
            trace.takenUp(spanOf(found));
          }
          return next(input);
        },
        handleSignal(input, next) {
          takeOver(input.headers);
          return next(input);
        },
        handleUpdate(input, next) {
          takeOver(input.headers);
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(withTrace(input)),
        scheduleLocalActivity: (input, next) => next(withTrace(input)),
        continueAsNew: (input, next) => next(withTrace(input)),
      },
    ],
  };
};

interface Found {
  readonly traceId: string;
  readonly spanId: string;
  readonly flags: string;
  readonly carrier: Carrier;
}

/** Null without one, and for what is none: a trade goes on, whatever stands in a header. */
function parentIn(headers: Headers): Found | null {
  const payload = headers[HEADER];
  if (payload === undefined || payload === null) return null;
  try {
    const carrier = defaultPayloadConverter.fromPayload<Carrier>(payload);
    const [, traceId, spanId, flags] = PARENT.exec(carrier.traceparent ?? '') ?? [];
    return traceId && spanId && flags ? { traceId, spanId, flags, carrier } : null;
  } catch {
    return null;
  }
}

/** A run's id is a UUID: the end of it is as good as drawn by lot. */
function ownSpanId(): string {
  return workflowInfo().runId.replaceAll('-', '').slice(-SPAN_ID_DIGITS);
}

function headerOf({ traceId, flags, carrier }: Found): Payload {
  const traceparent = `00-${traceId}-${ownSpanId()}-${flags}`;
  return defaultPayloadConverter.toPayload({ ...carrier, traceparent });
}

function spanOf({ traceId, spanId, flags }: Found): RunSpan {
  return {
    ...{ traceId, flags, parentSpanId: spanId, spanId: ownSpanId() },
    startedAtMs: workflowInfo().runStartTime.getTime(),
    takenUpAtMs: workflowInfo().unsafe.now(),
  };
}
