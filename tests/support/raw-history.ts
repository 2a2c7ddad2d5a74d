/** A workflow's history as the server stores it: nothing is decoded. */
import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';

export interface RawHistory {
  /** All payloads of it but search attributes, which the server has to read. */
  readonly payloads: readonly Payload[];
  /** All text and bytes outside payloads and search attributes, as one text. */
  readonly rest: string;
  /** So many tasks of it a worker could not do. */
  readonly failedTasks: number;
}

/** Reads the newest run's history. */
export async function rawHistory(client: Client, workflowId: string): Promise<RawHistory> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: 'default',
    execution: { workflowId },
  });
  const payloads: Payload[] = [];
  const texts: string[] = [];
  collect(history, payloads, texts);
  const failed = (history?.events ?? []).filter((event) => event.workflowTaskFailedEventAttributes);
  return { payloads, rest: texts.join('\n'), failedTasks: failed.length };
}

function collect(value: unknown, payloads: Payload[], texts: string[]): void {
  if (typeof value === 'string') texts.push(value);
  if (value instanceof Uint8Array) texts.push(Buffer.from(value).toString('latin1'));
  else if (isPayload(value)) payloads.push(value);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      if (name !== 'searchAttributes') collect(member, payloads, texts);
    }
  }
}

function isPayload(value: unknown): value is Payload {
  return typeof value === 'object' && value !== null && 'metadata' in value && 'data' in value;
}

const ENCRYPTED = 'binary/encrypted';
const encodingOf = ({ metadata }: Payload) => Buffer.from(metadata?.['encoding'] ?? []).toString();

/** How the payloads say that they are to be read. */
export function encodingsOf({ payloads }: RawHistory): string[] {
  return [...new Set(payloads.map(encodingOf))];
}

/** Payloads that are not encrypted, as text, but for the SDK's own notes: which local activity ran, which patch holds. */
export function plainOf({ payloads }: RawHistory): string[] {
  const plain = payloads.filter((payload) => encodingOf(payload) !== ENCRYPTED);
  const texts = plain.map(({ data }) => Buffer.from(data ?? []).toString());
  return texts.filter((text) => !/^\{"(seq|deprecated|id)":/.test(text));
}
