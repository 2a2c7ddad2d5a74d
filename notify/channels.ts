/** The channels that settings name. */
import type { Channel } from './channel.js';
import { discordChannel } from './discord.js';
import { emailChannel } from './email.js';
import { telegramChannel } from './telegram.js';
import { webhookChannel } from './webhook.js';

/** As the configuration has them; a channel whose address is unset is not used. */
export interface NotifySettings {
  readonly smtpUrl?: string | undefined;
  readonly smtpPlain?: boolean;
  readonly notifyEmailTo: readonly string[];
  readonly notifyEmailFrom?: string | undefined;
  readonly discordWebhookUrl?: string | undefined;
  readonly telegramBotToken?: string | undefined;
  readonly telegramChatId?: string | undefined;
  readonly telegramApiUrl: string;
  readonly webhookUrl?: string | undefined;
  readonly webhookSecret?: string | undefined;
}

/** Opens those that are used; nothing is connected before the first message. */
export function openChannels(
  settings: NotifySettings,
  isLoopback: (url: string) => boolean,
): Channel[] {
  const { smtpUrl, discordWebhookUrl, telegramBotToken, telegramChatId } = settings;
  const { webhookUrl, webhookSecret, notifyEmailTo: to } = settings;
  const from = settings.notifyEmailFrom ?? to[0] ?? '';
  const mail = (url: string) =>
    emailChannel({
      ...{ url, from, to },
      isLoopback: isLoopback(url),
      isPlain: settings.smtpPlain === true,
    });
  return [
    ...(smtpUrl ? [mail(smtpUrl)] : []),
    ...(discordWebhookUrl ? [discordChannel(discordWebhookUrl)] : []),
    ...(telegramBotToken && telegramChatId
      ? [
          telegramChannel({
            url: settings.telegramApiUrl,
            token: telegramBotToken,
            chatId: telegramChatId,
          }),
        ]
      : []),
    ...(webhookUrl && webhookSecret
      ? [webhookChannel({ url: webhookUrl, secret: webhookSecret })]
      : []),
  ];
}
