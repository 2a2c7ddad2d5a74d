/** The bot API of Telegram: one message into one chat. */
import type { Channel } from './channel.js';
import { post } from './http.js';
import { textOf } from './message.js';

/** Telegram takes one a second into one chat, and says 429 beyond. */
const PACE_MS = 1_100;

export interface TelegramSettings {
  /** Of the API; another one for those who run their own. */
  readonly url: string;
  readonly token: string;
  readonly chatId: string;
}

interface Answer {
  readonly ok?: unknown;
  readonly error_code?: unknown;
  readonly parameters?: { readonly retry_after?: unknown };
}

/** It says `ok` in each of its answers, and why not with the number that the status would be. */
function refusedIn(body: unknown): number | null {
  const { ok, error_code: code } = body as Answer;
  if (ok !== false) return null;
  return typeof code === 'number' ? code : UNSAID;
}

/** Refused without a number: tried again, as after any failure that may pass. */
const UNSAID = 503;

export function telegramChannel({ url, token, chatId }: TelegramSettings): Channel {
  const base = url.replace(/\/+$/, '');
  return {
    name: 'telegram',
    paceMs: PACE_MS,
    send: (message) =>
      post({
        url: `${base}/bot${token}/sendMessage`,
        // Without a parse mode the text is taken as it is.
        body: JSON.stringify({
          chat_id: chatId,
          text: textOf(message),
          link_preview_options: { is_disabled: true },
        }),
        secrets: [token],
        refusedIn,
        retryAfterIn: (body) => (body as Answer).parameters?.retry_after,
      }),
  };
}
