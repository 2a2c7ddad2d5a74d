/** A notifier in this process, over a test's own database and the channels that settings name. */
import { randomUUID } from 'node:crypto';
import type { NotificationKind } from '../../../contract/notifications.js';
import { isLoopbackUrl, loadConfig } from '../../../config/index.js';
import { openChannels } from '../../../notify/channels.js';
import { alert } from '../../../store/alerts.js';
import type { Database } from '../../../store/database.js';
import { runNotifier, type NotifierOptions } from '../../../worker/notifier/notifier.js';

export interface RunningNotifier {
  /** What was logged. */
  readonly log: string[];
  stop(): Promise<void>;
}

export const WEBHOOK_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
export const BOT_TOKEN = '123456:AAErZc-test-token-of-a-bot';

const DAY_MS = 86_400_000;

/** Runs one until it is stopped; it looks more often than a real one. */
export function startNotifier(
  db: Database,
  env: NodeJS.ProcessEnv,
  options: Partial<NotifierOptions> = {},
): RunningNotifier {
  const config = loadConfig(env);
  const stopping = new AbortController();
  const log: string[] = [];
  const note = (...line: unknown[]) => void log.push(JSON.stringify(line));
  const running = runNotifier({
    db,
    channels: openChannels(config, isLoopbackUrl),
    holder: `test:${randomUUID()}`,
    off: config.notifyOff,
    giveUpAfterMs: DAY_MS,
    log: { info: note, warn: note },
    signal: stopping.signal,
    pollMs: 20,
    ...options,
  });
  return {
    log,
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

interface Told {
  readonly tradeId?: string | null;
  readonly kind?: NotificationKind;
}

/** Puts a message into the outbox; gives its id. */
export async function tell(
  db: Database,
  userId: string,
  summary: string,
  { tradeId = null, kind = 'test' }: Told = {},
): Promise<string> {
  const dedupeKey = randomUUID();
  await alert(db, { userId, tradeId, dedupeKey, kind, summary, detail: { shares: '40' } });
  return (await db.notification.findUniqueOrThrow({ where: { dedupeKey } })).id;
}

/** Waits for it, looking often. */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 15_000,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`it did not come: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
