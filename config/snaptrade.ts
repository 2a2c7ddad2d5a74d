/** Settings: which broker the broker worker opens, and how to get into SnapTrade. */
import { BROKERS } from '../domain/broker/abilities.js';
import { choice, list, optionalText } from './fields.js';

export const snapTradeSettings = {
  BROKER: choice(BROKERS, 'ibkr', {
    description: 'The broker that this broker worker holds the connection to.',
    reason:
      'One broker worker per connection: for both, start a second one with the other word (docs/snaptrade.md).',
  }),
  SNAPTRADE_CLIENT_ID: optionalText(
    {
      description: "The client id of SnapTrade's API key.",
      reason: 'Needed with BROKER=snaptrade, as are the key and the user below.',
    },
    { secret: true, allowed: 'the client id' },
  ),
  SNAPTRADE_CONSUMER_KEY: optionalText(
    { description: 'The consumer key that signs requests.', reason: 'Goes with the client id.' },
    { secret: true, allowed: 'the key' },
  ),
  SNAPTRADE_USER_ID: optionalText(
    {
      description: 'The SnapTrade user whose accounts are traded.',
      reason: 'As it was registered; its connections are made on the pages of SnapTrade.',
    },
    { secret: true, allowed: 'the user id' },
  ),
  SNAPTRADE_USER_SECRET: optionalText(
    { description: "The user's secret.", reason: 'Told once, when the user is registered.' },
    { secret: true, allowed: 'the secret' },
  ),
  SNAPTRADE_ACCOUNT: optionalText({
    description: "The only account that is used, by SnapTrade's id of it.",
    reason: 'Unset: every open investment account of the user.',
  }),
  SNAPTRADE_AUTHORIZED_ACCOUNTS: list({
    description: 'Live accounts of SnapTrade that may be traded; paper accounts need no entry.',
    reason: 'Empty: no live account, whatever else is set. ALLOW_LIVE is needed too.',
  }),
  SNAPTRADE_QUOTES: choice(['delayed', 'live'], 'delayed', {
    description: "Whether the brokerage's quotes are of now.",
    reason: 'SnapTrade does not tell. Delayed ones size no market entry.',
  }),
  SNAPTRADE_URL: optionalText(
    { description: 'Another address of the API.', reason: "Unset: SnapTrade's own." },
    {
      pattern: /^https?:\/\/[^\s?#]+$/,
      allowed: 'an address that begins with https:// or http://',
    },
  ),
};

/** What a contradiction needs of the settings. */
interface Values {
  readonly BROKER: string;
  readonly SNAPTRADE_CLIENT_ID?: string | undefined;
  readonly SNAPTRADE_CONSUMER_KEY?: string | undefined;
  readonly SNAPTRADE_USER_ID?: string | undefined;
  readonly SNAPTRADE_USER_SECRET?: string | undefined;
}

const NEEDED = [
  'SNAPTRADE_CLIENT_ID',
  'SNAPTRADE_CONSUMER_KEY',
  'SNAPTRADE_USER_ID',
  'SNAPTRADE_USER_SECRET',
] as const;

/** With BROKER=snaptrade nothing goes without the four words that let it in. */
export function snapTradeContradictions(
  values: Values,
): { name: (typeof NEEDED)[number]; message: string }[] {
  if (values.BROKER !== 'snaptrade') return [];
  const missing = NEEDED.filter((name) => values[name] === undefined);
  return missing.map((name) => ({ name, message: 'must be set with BROKER=snaptrade' }));
}
