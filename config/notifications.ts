/** Settings: how people are told. A channel is used when its settings are there; none is by default. */
import { CHANNEL_NAMES, isNotificationKind, type ChannelName } from '../contract/notifications.js';
import { count, flag, list, optionalText, text } from './fields.js';

const HTTP_URL = /^https?:\/\/[^\s/?#]+\S*$/;
const SMTP_URL = /^smtps?:\/\/[^\s/?#]+\/?$/;
/** 24 bytes at least, as Standard Webhooks asks, in base64. */
const WEBHOOK_SECRET = /^(whsec_)?[A-Za-z0-9+/]{32,}={0,2}$/;

export const notificationSettings = {
  SMTP_URL: optionalText(
    {
      description: 'The mail server that messages are sent by.',
      reason:
        'Unset: no mail. With smtp:// a server elsewhere must take STARTTLS; smtps:// is TLS from the start.',
    },
    { pattern: SMTP_URL, allowed: 'smtps://user:password@host:465 or smtp://…:587', secret: true },
  ),
  SMTP_PLAIN: flag(false, {
    description: 'Lets mails go to SMTP_URL in plain text, although it is of another machine.',
    reason:
      'For a mail catcher in the same private network. Mails tell of money: any other server must take STARTTLS.',
  }),
  NOTIFY_EMAIL_TO: list({
    description: 'Who gets the mails.',
    reason: 'Goes with SMTP_URL.',
  }),
  NOTIFY_EMAIL_FROM: optionalText(
    {
      description: 'The sender of the mails.',
      reason: 'Unset: the first of NOTIFY_EMAIL_TO writes to itself, which most servers take.',
    },
    { pattern: /^[^\s@]+@[^\s@]+$/, allowed: 'a mail address' },
  ),
  DISCORD_WEBHOOK_URL: optionalText(
    {
      description: 'A webhook of a Discord channel.',
      reason:
        'Unset: nothing goes to Discord. Whoever has the address can write there: it is a secret.',
    },
    { pattern: HTTP_URL, allowed: 'an https address', secret: true },
  ),
  TELEGRAM_BOT_TOKEN: optionalText(
    {
      description: 'The token of a Telegram bot.',
      reason: 'Unset: nothing goes to Telegram.',
    },
    { pattern: /^\d+:[\w-]{20,}$/, allowed: '123456:ABC…, as BotFather gives it', secret: true },
  ),
  TELEGRAM_CHAT_ID: optionalText(
    {
      description: 'The chat that the bot writes to.',
      reason: 'Goes with TELEGRAM_BOT_TOKEN.',
    },
    { pattern: /^(-?\d+|@\w+)$/, allowed: 'a number, or @name of a channel' },
  ),
  TELEGRAM_API_URL: text(
    'https://api.telegram.org',
    {
      description: 'Where the bot API of Telegram is.',
      reason: 'Another one only for those who run their own bot API server.',
    },
    { pattern: HTTP_URL, allowed: 'an https address' },
  ),
  WEBHOOK_URL: optionalText(
    {
      description: 'An address of your own that gets each message as a signed POST.',
      reason: 'Unset: none is sent.',
    },
    { pattern: HTTP_URL, allowed: 'an https address', secret: true },
  ),
  WEBHOOK_SECRET: optionalText(
    {
      description: 'The key that webhooks are signed with, as Standard Webhooks asks.',
      reason:
        'Goes with WEBHOOK_URL: unsigned, anybody could send them. `openssl rand -base64 32` makes one.',
    },
    {
      pattern: WEBHOOK_SECRET,
      allowed: 'base64 of 24 bytes at least, or that behind whsec_',
      secret: true,
    },
  ),
  NOTIFY_OFF: list({
    description: 'Kinds of messages that are not sent (docs/reference/notifications.md).',
    reason: 'Empty: people are told everything, also of kinds that come with a later version.',
  }),
  WATCHDOG_SILENT_SECONDS: count(
    60,
    { min: 2, max: 3_600, unit: 'seconds' },
    {
      description:
        'After how long without a sign of life of the broker worker, the database or the notifier people are told.',
      reason: 'A worker that dies is back, and in sync, within half of it.',
    },
  ),
  NOTIFY_GIVE_UP_HOURS: count(
    24,
    { min: 1, max: 720, unit: 'hours' },
    {
      description:
        'How long a message is tried; then it is given up, and summed up once its channel works again.',
      reason:
        'Over a weekend nobody wants two days of fills one by one; what matters is in the database.',
    },
  ),
};

/** What is needed to know which channels are used. */
export interface ChannelSettings {
  readonly smtpUrl?: string | undefined;
  readonly discordWebhookUrl?: string | undefined;
  readonly telegramBotToken?: string | undefined;
  readonly webhookUrl?: string | undefined;
}

/** The channels whose settings are there, in the order they are listed. */
export function configuredChannels(config: ChannelSettings): ChannelName[] {
  const address: Record<ChannelName, string | undefined> = {
    email: config.smtpUrl,
    discord: config.discordWebhookUrl,
    telegram: config.telegramBotToken,
    webhook: config.webhookUrl,
  };
  return CHANNEL_NAMES.filter((name) => address[name] !== undefined);
}

/** Whether an address is of this machine: nothing sent there leaves it. */
export function isLoopbackUrl(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

type Values = { readonly [Name in keyof typeof notificationSettings]?: unknown };
interface Wrong {
  readonly name: keyof typeof notificationSettings;
  readonly message: string;
}

/** What does not fit together among these settings. */
export function notificationContradictions(values: Values): Wrong[] {
  return [...pairsWrong(values), ...plainUrls(values), ...wordsWrong(values)];
}

function hasPassword(url: unknown): boolean {
  return typeof url === 'string' && URL.canParse(url) && new URL(url).password !== '';
}

/** Settings that are of use together only, or must not be. */
function pairsWrong(values: Values): Wrong[] {
  const to = values.NOTIFY_EMAIL_TO as readonly string[];
  const wrong: [boolean, Wrong['name'], string][] = [
    [
      values.SMTP_URL !== undefined && to.length === 0,
      'NOTIFY_EMAIL_TO',
      'must name who gets the mails, as SMTP_URL is set',
    ],
    [
      values.SMTP_PLAIN === true && hasPassword(values.SMTP_URL),
      'SMTP_PLAIN',
      'must not be set while SMTP_URL has a password, which anybody on the way could read',
    ],
    [
      (values.TELEGRAM_BOT_TOKEN === undefined) !== (values.TELEGRAM_CHAT_ID === undefined),
      'TELEGRAM_CHAT_ID',
      'and TELEGRAM_BOT_TOKEN must be set together',
    ],
    [
      (values.WEBHOOK_URL === undefined) !== (values.WEBHOOK_SECRET === undefined),
      'WEBHOOK_SECRET',
      'and WEBHOOK_URL must be set together',
    ],
  ];
  return wrong.flatMap(([isWrong, name, message]) => (isWrong ? [{ name, message }] : []));
}

const WEB_ADDRESSES = ['DISCORD_WEBHOOK_URL', 'TELEGRAM_API_URL', 'WEBHOOK_URL'] as const;

/** Messages tell of money: they don't go through the world in plain text. */
function plainUrls(values: Values): Wrong[] {
  return WEB_ADDRESSES.flatMap((name) => {
    const url = values[name];
    if (typeof url !== 'string' || (URL.canParse(url) && isSafeUrl(url))) return [];
    return [{ name, message: 'must begin with https://, unless it is of this machine' }];
  });
}

/** Whether what is sent there can't be read on the way. */
export function isSafeUrl(url: string): boolean {
  return url.startsWith('https:') || isLoopbackUrl(url);
}

function wordsWrong(values: Values): Wrong[] {
  const strangers = (values.NOTIFY_OFF as readonly string[]).filter(
    (name) => !isNotificationKind(name),
  );
  const noMail = (values.NOTIFY_EMAIL_TO as readonly string[]).filter(
    (address) => !/^[^\s@<>]+@[^\s@<>]+$/.test(address),
  );
  const smtp = values.SMTP_URL as string | undefined;
  return [
    ...(smtp === undefined || URL.canParse(smtp)
      ? []
      : [{ name: 'SMTP_URL' as const, message: 'is no address' }]),
    ...(noMail.length === 0
      ? []
      : [
          {
            name: 'NOTIFY_EMAIL_TO' as const,
            message: `names no mail address: ${noMail.join(', ')}`,
          },
        ]),
    ...(strangers.length === 0
      ? []
      : [
          {
            name: 'NOTIFY_OFF' as const,
            message: `names no kind of message: ${strangers.join(', ')}; docs/reference/notifications.md lists them`,
          },
        ]),
  ];
}
