/** Starting traces in a process, if it is told where to send them. */
import { installTemporalTracing } from './temporal.js';

export interface TracingOptions {
  /** As the receiver shows it: `ballast-api`. */
  readonly service: string;
  /** Base address of a receiver of OTLP over HTTP; undefined: no traces. */
  readonly endpoint: string | undefined;
  /** `name=value`, several with commas between, as OTEL_EXPORTER_OTLP_HEADERS has it. */
  readonly headers?: string | undefined;
  readonly log?: Warns;
}

/** Of the configuration, what says where traces go. */
export interface TraceSettings {
  readonly otelExporterOtlpEndpoint?: string | undefined;
  readonly otelExporterOtlpHeaders?: string | undefined;
}

/** A part of a logger. */
interface Warns {
  warn(fields: object, message: string): void;
}

export interface Tracing {
  /** Sends what is left, within a bound, and ends. It never fails. */
  stop(): Promise<void>;
}

/**
 * Starts it; should that fail, the process goes on without. To be called before anything of Temporal's is made. Where a receiver is away, spans are dropped: nothing
 * waits for them.
 */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  const { service, endpoint, headers, log } = options;
  if (endpoint === undefined) return NO_TRACING;
  try {
    // Loading the SDK takes longer than the rest of a command's start: it is done only where it is needed.
    const { startSdk } = await import('./sdk.js');
    const { temporal, stop } = startSdk({ service, endpoint, headers: headersFrom(headers) });
    installTemporalTracing(temporal);
    return {
      stop: async () => {
        installTemporalTracing(null);
        await stop();
      },
    };
  } catch (error) {
    log?.warn({ error: String(error) }, 'no traces: look at OTEL_EXPORTER_OTLP_ENDPOINT');
    return NO_TRACING;
  }
}

/** The same for a process that runs on, by its settings. */
export function traceProcess(
  service: string,
  { otelExporterOtlpEndpoint: endpoint, otelExporterOtlpHeaders: headers }: TraceSettings,
  log: Warns,
): Promise<Tracing> {
  return startTracing({ service, endpoint, headers, log });
}

const NO_TRACING: Tracing = { stop: () => Promise.resolve() };

function headersFrom(text = ''): Record<string, string> {
  const pairs = text.split(',').filter(Boolean);
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at).trim(), decoded(pair.slice(at + 1).trim())];
    }),
  );
}

/** As W3C baggage has it, which that setting is written like; what is none is taken as it stands. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
