/** A Discord webhook: one message into one channel of a server. */
import type { Channel } from './channel.js';
import { post, secretsOfUrl } from './http.js';
import { textOf } from './message.js';

/** Discord takes five in two seconds of one webhook, and says 429 beyond. */
const PACE_MS = 500;
/** No previews of what might look like a link. */
const SUPPRESS_EMBEDS = 4;

/** Its errors have a `code` of their own, which no message has; a relay before it may lose the status. */
function refusedIn(body: unknown): number | null {
  const { id, code, message } = body as { id?: unknown; code?: unknown; message?: unknown };
  const isError = id === undefined && typeof code === 'number' && typeof message === 'string';
  return isError ? NOT_TAKEN : null;
}

/** Discord's own codes say little of whether a later attempt is taken: it is made. */
const NOT_TAKEN = 503;

/** @param url the webhook's, which is its secret */
export function discordChannel(url: string): Channel {
  // Asked to wait, it answers once the message is stored, and not before.
  const target = new URL(url);
  target.searchParams.set('wait', 'true');
  return {
    name: 'discord',
    paceMs: PACE_MS,
    send: (message) =>
      post({
        url: target.href,
        // A text of others must ring nobody's bell.
        body: JSON.stringify({
          content: textOf(message),
          allowed_mentions: { parse: [] },
          flags: SUPPRESS_EMBEDS,
        }),
        secrets: [...secretsOfUrl(target.href), ...secretsOfUrl(url)],
        refusedIn,
        retryAfterIn: (body) => (body as { retry_after?: unknown }).retry_after,
      }),
  };
}
