/**
 * Spans: what a step of a request was, and how long it took. Without a tracer (telemetry/tracing.ts) none of this does
 * anything. A span names trades, orders and workflows by their ids; it holds no prices, no accounts and no secrets.
 */
import {
  context,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
} from '@opentelemetry/api';

export { SpanKind, type Context, type Span };

const tracer = () => trace.getTracer('ballast');

export interface SpanAbout {
  readonly name: string;
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
  /** What it is a part of; what runs now unless it is told. */
  readonly within?: Context;
}

/** Runs work as a span; what fails is said in it. */
export async function inSpan<T>(
  { name, kind = SpanKind.INTERNAL, attributes = {}, within }: SpanAbout,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const options = { kind, attributes };
  return tracer().startActiveSpan(name, options, within ?? context.active(), async (span) => {
    try {
      return await work(span);
    } catch (error) {
      spanFailed(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** The same for work of one tick. */
export function inSpanSync<T>(
  { name, kind = SpanKind.INTERNAL, attributes = {} }: SpanAbout,
  work: (span: Span) => T,
): T {
  return tracer().startActiveSpan(name, { kind, attributes }, (span) => {
    try {
      return work(span);
    } catch (error) {
      spanFailed(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** By its name alone: what an error says may hold anything. */
export function spanFailed(span: Span, error: unknown): void {
  const message = error instanceof Error ? error.name : 'failed';
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

/** Begins a span that somebody else ends, with the context of what runs in it. */
export function beginSpan(about: SpanAbout): { readonly span: Span; readonly within: Context } {
  const { name, kind = SpanKind.INTERNAL, attributes = {}, within = context.active() } = about;
  const span = tracer().startSpan(name, { kind, attributes }, within);
  return { span, within: trace.setSpan(within, span) };
}

/** Runs a function within a context. */
export function runWithin<T>(within: Context, work: () => T): T {
  return context.with(within, work);
}

/** What a caller's headers say that a request is a part of (W3C trace context). */
export function contextFrom(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Context {
  return propagation.extract(ROOT_CONTEXT, headers);
}

/** The ids of the span that runs, for lines of logs; empty without one. */
export function currentTrace(): TraceIds {
  return traceIdsOf(trace.getActiveSpan());
}

export interface TraceIds {
  readonly trace_id?: string;
  readonly span_id?: string;
}

/** The same of one span; empty where nobody traces. */
export function traceIdsOf(span: Span | undefined): TraceIds {
  const ids = span?.spanContext();
  if (ids === undefined || !isSpanContextValid(ids)) return {};
  return { trace_id: ids.traceId, span_id: ids.spanId };
}
