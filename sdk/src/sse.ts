/** Server-sent events out of bytes, as the HTML standard has them. */
import { within } from './within.js';

export interface ServerSentEvent {
  /** The last id that was told, be it of an earlier event. */
  readonly id: string | undefined;
  /** `message` unless it is told. */
  readonly event: string;
  readonly data: string;
}

/** What a stream tells besides its events. */
export interface StreamHints {
  /** How long to wait before coming again, as the server wishes it. */
  retryMs?: number;
  /** The last id of what is whole, also where it came without an event. */
  lastId?: string;
}

/** An event of Ballast's has some kilobytes; what goes on without a line's end is no such stream. */
const BUFFERED_CHARS_MAX = 10_000_000;

/**
 * Reads a body to its end. Silence is told of too: beats keep a stream that has nothing to tell alive.
 * @param silentMs a stream that sends nothing at all for so long is dead
 * @param signal ends it
 * @throws Error when it falls silent or breaks, or the signal's reason
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  hints: StreamHints,
  silentMs: number,
  signal?: AbortSignal,
): AsyncGenerator<ServerSentEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parser = createParser(hints);
  try {
    for (;;) {
      const late = `the stream was silent for ${silentMs} ms`;
      const { done, value } = await within(reader.read(), { ms: silentMs, late, signal });
      if (done) return;
      yield* parser(decoder.decode(value, { stream: true }));
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

/** Makes a parser: it takes text as it comes, and gives the events that are whole. */
export function createParser(hints: StreamHints): (text: string) => ServerSentEvent[] {
  let rest = '';
  let id: string | undefined;
  let event = '';
  let data: string[] = [];

  function end(): ServerSentEvent[] {
    const whole =
      data.length === 0 ? [] : [{ id, event: event || 'message', data: data.join('\n') }];
    event = '';
    data = [];
    if (id !== undefined) hints.lastId = id;
    return whole;
  }

  function take(line: string): ServerSentEvent[] {
    if (line === '') return end();
    const [, field = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === 'data') data.push(value);
    else if (field === 'event') event = value;
    else if (field === 'id' && !value.includes('\0')) id = value;
    else if (field === 'retry' && /^\d{1,9}$/.test(value)) hints.retryMs = Number(value);
    return [];
  }

  return (text) => {
    rest += text;
    if (rest.length > BUFFERED_CHARS_MAX) throw new Error('an event without an end');
    // A carriage return at the end may be half of a line's end.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    return lines.flatMap(take);
  };
}
