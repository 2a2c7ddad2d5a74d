/** What every way to people can do, and what may come of one attempt. */
import type { ChannelName } from '../contract/notifications.js';
import type { Message } from './message.js';

export type Outcome =
  | {
      readonly kind: 'sent';
      /** Who did not get it, and why: it is not sent again, for the others would get it twice. Null: all have it. */
      readonly leftOut: string | null;
    }
  | {
      readonly kind: 'failed';
      /** For people; holds no secret. */
      readonly error: string;
      /** The message itself is refused: no later attempt would be taken. */
      readonly isFinal: boolean;
      /** It may have arrived all the same. */
      readonly isUnknown: boolean;
      /** The channel asked to be left alone for so long. */
      readonly retryAfterMs: number | null;
    };

/** It was taken, for all whom it was for. */
export const SENT: Outcome = { kind: 'sent', leftOut: null };

export interface Channel {
  readonly name: ChannelName;
  /** Between two messages: what the other side takes without complaint. */
  readonly paceMs: number;
  /** One attempt, within `SEND_TIMEOUT_MS`. Never rejects. */
  send(message: Message): Promise<Outcome>;
}

/** A server that takes longer is taken for one that doesn't answer. */
export const SEND_TIMEOUT_MS = 15_000;

/** A failure as most are: tried again later. */
export function failed(
  error: string,
  { isFinal = false, isUnknown = false, retryAfterMs = null as number | null } = {},
): Outcome {
  return { kind: 'failed', error, isFinal, isUnknown, retryAfterMs };
}
