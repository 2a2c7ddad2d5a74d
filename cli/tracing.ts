/** Commands that reach a trade's workflow as the beginning of a trace, where this installation has its traces sent. */
import { ConfigError, loadConfig, withRuntime } from '../config/index.js';
import { inSpan } from '../telemetry/spans.js';
import { startTracing, type TraceSettings } from '../telemetry/tracing.js';
import type { Io } from './io.js';

/** What only reads is as quick as it can be: loading a tracer takes longer. */
const TRACED: ReadonlySet<string> = new Set([
  ...['signal', 'preview', 'execute', 'approve', 'reject'],
  ...['close', 'cancel', 'move-stop', 'move-target', 'trail', 'flatten'],
]);

/** Runs a command as a span of its own; one that is not traced, or can't be, runs as it is. */
export async function withTrace<T>(
  io: Io,
  command: string | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (command === undefined || !TRACED.has(command)) return work();
  const { otelExporterOtlpEndpoint: endpoint, otelExporterOtlpHeaders: headers } = settings(io);
  if (endpoint === undefined) return work();
  const tracing = await startTracing({ service: 'ballast-cli', endpoint, headers });
  try {
    return await inSpan({ name: `ballast ${command}` }, work);
  } finally {
    await tracing.stop();
  }
}

/** A setting that can't be used keeps nobody from closing a trade: whoever reads all of them says what is wrong. */
function settings(io: Io): TraceSettings {
  try {
    const wanted = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_HEADERS'] as const;
    return loadConfig(withRuntime(io.env), wanted);
  } catch (error) {
    if (error instanceof ConfigError) return {};
    throw error;
  }
}
