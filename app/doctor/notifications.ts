/** Whether people are told: a notifier at each channel, and messages that arrive (NTF-1). */
import { span } from '../../contract/duration.js';
import type { ChannelName } from '../../contract/notifications.js';
import type { ChannelView } from '../../contract/views.js';
import type { App } from '../app.js';
import { listChannels } from '../notifications.js';
import { note, ok, wrong, type Check, type Remedy } from './check.js';

const NAME = 'notifications';
/** A notifier is at its channels every second, and an attempt may take some seconds. */
const SILENT_MAX_MS = 60_000;

/** One line for each channel that is configured; one that says so when none is. */
export async function notificationChecks(
  app: App,
  configured: readonly ChannelName[],
  start: Remedy,
): Promise<Check[]> {
  if (configured.length === 0) {
    return [note(NAME, 'nobody is told anything: no channel is configured', NONE)];
  }
  const channels = await listChannels(app);
  return configured.map((name) => {
    const channel = channels.find((one) => one.name === name);
    return channel
      ? checkOf(channel, start)
      : wrong(NAME, `${name}: no notifier was ever at it`, start('notifier'));
  });
}

const NONE = 'see docs/notifications.md: mail, Discord, Telegram or a webhook of your own';

function checkOf(channel: ChannelView, start: Remedy): Check {
  const { name, silent_ms: silentMs, last_error: error, failures, given_up: givenUp } = channel;
  const waiting = waitingOf(channel);
  if (silentMs > SILENT_MAX_MS) {
    const found = `${name}: no notifier was at it for ${span(silentMs)}${waiting}`;
    return wrong(NAME, found, start('notifier'));
  }
  if (failures === 0 && error !== null) {
    const found = `${name}: the last message did not reach everybody: ${error}${waiting}`;
    return wrong(NAME, found, 'see to what it says, or take the address out of NOTIFY_EMAIL_TO');
  }
  if (failures > 0) {
    const found = `${name}: failed ${failures} times in a row: ${error}${waiting}`;
    return wrong(
      NAME,
      found,
      'see to what it says; what waits is sent by itself once the channel works',
    );
  }
  if (givenUp > 0) {
    const found = `${name}: ${givenUp} messages were given up within a week${waiting}`;
    return note(NAME, found, '"ballast notifications --undelivered" lists them');
  }
  const { last_sent_at: sentAt } = channel;
  return ok(
    NAME,
    `${name}: ${sentAt === null ? 'nothing was sent yet' : `last sent ${sentAt}`}${waiting}`,
  );
}

function waitingOf({ pending, oldest_ms: oldestMs }: ChannelView): string {
  return pending === 0 ? '' : `; ${pending} wait, the oldest for ${span(oldestMs ?? 0)}`;
}
