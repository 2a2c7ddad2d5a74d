/** Somebody's own server, signed as Standard Webhooks asks: its id is the same at every attempt. */
import { Webhook } from 'standardwebhooks';
import type { Channel } from './channel.js';
import { post, secretsOfUrl } from './http.js';
import type { Message } from './message.js';

export interface WebhookSettings {
  readonly url: string;
  /** `whsec_` and base64, or base64 alone. */
  readonly secret: string;
}

export function webhookChannel({ url, secret }: WebhookSettings): Channel {
  const signer = new Webhook(secret);
  return {
    name: 'webhook',
    paceMs: 0,
    send: (message) => {
      const id = webhookId(message);
      const at = new Date();
      const body = payloadOf(message);
      return post({
        url,
        headers: {
          'webhook-id': id,
          'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
          'webhook-signature': signer.sign(id, at, body),
        },
        body,
        secrets: [...secretsOfUrl(url), secret],
      });
    },
  };
}

/** What a receiver keeps to know a repeat by. */
function webhookId({ id }: Message): string {
  return `msg_${id}`;
}

/** The same bytes at every attempt. */
function payloadOf({ id, kind, summary, detail, tradeId, at }: Message): string {
  const data = { id, summary, trade_id: tradeId, detail };
  return JSON.stringify({ type: kind, timestamp: at, data });
}
