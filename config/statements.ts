/** Settings: the broker's Flex statements (docs/flex.md). They are fetched when asked for; a file needs none of these. */
import { ianaZone, NEW_YORK } from '../domain/zone.js';
import { optionalText, text } from './fields.js';
import { isSafeUrl } from './notifications.js';

export const statementSettings = {
  FLEX_TOKEN: optionalText(
    {
      description: 'The token of the Flex web service, which `ballast flex fetch` asks.',
      reason: 'Unset: statements are downloaded by hand, and imported as files.',
    },
    { pattern: /^\w{6,64}$/, allowed: 'the token that the Client Portal shows', secret: true },
  ),
  FLEX_QUERY_ID: optionalText(
    {
      description: 'The number of the Activity Flex Query that is fetched.',
      reason: 'Goes with FLEX_TOKEN.',
    },
    { pattern: /^\d{1,12}$/, allowed: 'the number beside its name' },
  ),
  FLEX_URL: text(
    'https://ndcdyn.interactivebrokers.com/AccountManagement/FlexWebService',
    {
      description: 'Where the Flex web service is. The token is sent there alone.',
      reason: 'Another one only where the broker names it.',
    },
    { pattern: /^https?:\/\/[^\s/?#]+[^\s?#]*$/, allowed: 'an https address' },
  ),
  FLEX_TIME_ZONE: text(
    NEW_YORK,
    {
      description: "The zone of a statement's times, which it does not name.",
      reason: 'That of most accounts; the Client Portal shows it beside the statements.',
    },
    { pattern: /^[A-Za-z][\w+-]*(\/[\w+-]+)*$/, allowed: 'a zone such as America/New_York' },
  ),
};

type Values = { readonly [Name in keyof typeof statementSettings]?: unknown };
interface Wrong {
  readonly name: keyof typeof statementSettings;
  readonly message: string;
}

/** What does not fit together among these settings. */
export function statementContradictions(values: Values): Wrong[] {
  const [url, zone] = [String(values.FLEX_URL), String(values.FLEX_TIME_ZONE)];
  const wrong: Wrong[] = [];
  if ((values.FLEX_TOKEN === undefined) !== (values.FLEX_QUERY_ID === undefined)) {
    wrong.push({ name: 'FLEX_QUERY_ID', message: 'and FLEX_TOKEN must be set together' });
  }
  if (!URL.canParse(url) || !isSafeUrl(url)) {
    wrong.push({
      name: 'FLEX_URL',
      message: 'must be https, or on this machine: it gets the token',
    });
  }
  if (!isZone(zone)) wrong.push({ name: 'FLEX_TIME_ZONE', message: 'names no zone known here' });
  return wrong;
}

function isZone(name: string): boolean {
  // Each command asks; making a format takes longer than reading all other settings.
  if (name === NEW_YORK) return true;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: ianaZone(name) });
    return true;
  } catch {
    return false;
  }
}
