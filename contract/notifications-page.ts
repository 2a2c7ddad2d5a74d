/** The reference page of what people are told, made from its list; a test keeps the two equal. */
import { NOTIFICATION_KINDS } from './notifications.js';

/** The whole page as Markdown. */
export function notificationsPage(): string {
  return [
    '# Kinds of messages',
    '',
    'Generated from `contract/notifications.ts`; do not edit by hand.',
    '',
    '`NOTIFY_OFF` names those that are not sent; a webhook has the kind as its `type`. [Notifications](../notifications.md)',
    'says how they are sent.',
    '',
    '| kind | what it tells |',
    '| --- | --- |',
    ...Object.entries(NOTIFICATION_KINDS).map(([kind, what]) => `| \`${kind}\` | ${what} |`),
    '',
  ].join('\n');
}
