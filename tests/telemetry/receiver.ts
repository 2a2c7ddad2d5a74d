/** A receiver of traces (OTLP over HTTP, as JSON) that keeps what it is sent. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedSpan {
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first of a trace. */
  readonly parentSpanId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface Receiver {
  /** `http://127.0.0.1:port` */
  readonly endpoint: string;
  spans(): readonly ReceivedSpan[];
  /** The headers of the newest batch. */
  headers(): Readonly<Record<string, unknown>>;
  close(): Promise<void>;
}

interface Value {
  readonly stringValue?: string;
  readonly intValue?: number | string;
  readonly arrayValue?: { readonly values?: readonly Value[] };
}
interface KeyValue {
  readonly key: string;
  readonly value: Value;
}
interface Batch {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<ReceivedSpan, 'attributes' | 'service' | 'parentSpanId'> & {
        readonly parentSpanId?: string;
        readonly attributes?: readonly KeyValue[];
      })[];
    }[];
  }[];
}

/** Starts it on a free port. */
export async function startReceiver(): Promise<Receiver> {
  const received: ReceivedSpan[] = [];
  let headers: Record<string, unknown> = {};
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.url !== '/v1/traces') return void response.writeHead(404).end();
      ({ headers } = request);
      received.push(...spansIn(JSON.parse(Buffer.concat(chunks).toString()) as Batch));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: () => received,
    headers: () => headers,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function spansIn({ resourceSpans }: Batch): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(attributesOf(resource.attributes)['service.name']);
    return scopeSpans.flatMap(({ spans }) =>
      spans.map(({ parentSpanId = '', attributes = [], ...span }) => ({
        ...{ ...span, service, parentSpanId, attributes: attributesOf(attributes) },
      })),
    );
  });
}

function attributesOf(pairs: readonly KeyValue[]): Record<string, unknown> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, valueOf(value)]));
}

function valueOf({ stringValue, intValue, arrayValue }: Value): unknown {
  return arrayValue ? (arrayValue.values ?? []).map(valueOf) : (stringValue ?? intValue);
}
