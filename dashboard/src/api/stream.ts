/**
 * The stream of events, followed by one tab for all of them: a browser holds six connections to one host, and as many tabs
 * with a stream each would leave none for anything else, a halt included.
 */
import type { TradeEvent } from './types.js';

const URL_PATH = '/api/v1/events';
/** A browser gives a stream up that was refused; it is opened again after this. */
const AGAIN_MS = 2_000;
/** Of the lock that the following tab holds, and of the channel that it tells the others by. */
const NAME = 'ballast.events';
/** Asked by a tab that comes later. */
const HELLO = 'hello';

export type Told =
  | { readonly kind: 'event'; readonly id: string; readonly event: TradeEvent }
  | { readonly kind: 'open'; readonly isOpen: boolean }
  /** What was read before may be of another database. */
  | { readonly kind: 'reset' };

type Tell = (told: Told) => void;

/** Follows it, by this tab or another one. @returns how to end */
export function followStream(tell: Tell): () => void {
  const ended = new AbortController();
  const { signal } = ended;
  const channel = new BroadcastChannel(NAME);
  let lastId = '';
  let isOpenHere: boolean | null = null;
  const heed: Tell = (told) => {
    if (told.kind === 'event') lastId = told.id;
    if (told.kind === 'reset') lastId = '';
    tell(told);
  };
  const say: Tell = (told) => {
    if (told.kind === 'open') isOpenHere = told.isOpen;
    heed(told);
    channel.postMessage(told);
  };
  const lead = (until: AbortSignal) => readStream(say, () => lastId, until);
  if ('locks' in navigator) {
    channel.onmessage = ({ data }: MessageEvent<Told | typeof HELLO>) => {
      if (data !== HELLO) heed(data);
      else if (isOpenHere !== null) channel.postMessage({ kind: 'open', isOpen: isOpenHere });
    };
    channel.postMessage(HELLO);
    const isOver = () => undefined;
    void navigator.locks.request(NAME, { signal }, () => lead(signal)).catch(isOver);
  } else whileVisible(lead, signal);
  return () => {
    ended.abort();
    channel.close();
  };
}

/** Reads it until it is told to end. What follows the last id comes first, whoever read that. */
function readStream(say: Tell, lastId: () => string, signal: AbortSignal): Promise<void> {
  let source: EventSource | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  const open = () => {
    const from = lastId() === '' ? '' : `?last_event_id=${lastId()}`;
    source = new EventSource(URL_PATH + from);
    source.onopen = () => say({ kind: 'open', isOpen: true });
    source.onmessage = ({ data, lastEventId: id }: MessageEvent<string>) => {
      say({ kind: 'event', id, event: JSON.parse(data) as TradeEvent });
    };
    source.addEventListener('reset', () => say({ kind: 'reset' }));
    source.onerror = () => {
      say({ kind: 'open', isOpen: false });
      if (source?.readyState === EventSource.CLOSED) again = setTimeout(open, AGAIN_MS);
    };
  };
  if (signal.aborted) return Promise.resolve();
  // Whoever read it before is gone: what happened since then is looked at once it is open again.
  say({ kind: 'open', isOpen: false });
  open();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      clearTimeout(again);
      source?.close();
      resolve();
    });
  });
}

/** Without locks, as at an address without TLS, each tab reads for itself, as long as somebody looks at it. */
function whileVisible(read: (until: AbortSignal) => Promise<void>, signal: AbortSignal): void {
  let reading: AbortController | undefined;
  const look = () => {
    const isSeen = document.visibilityState === 'visible' && !signal.aborted;
    if (isSeen === (reading !== undefined)) return;
    reading?.abort();
    reading = isSeen ? new AbortController() : undefined;
    if (reading) void read(reading.signal);
  };
  look();
  document.addEventListener('visibilitychange', look, { signal });
  signal.addEventListener('abort', look);
}
