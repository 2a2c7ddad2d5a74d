/** `ballast notify test` and `ballast notifications`: whether people are told, and what (NTF-1). */
import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidArgumentError } from 'commander';
import {
  listNotifications,
  loadNotification,
  NoChannelError,
  tellTest,
} from '../../app/notifications.js';
import type { App } from '../../app/app.js';
import { configuredChannels } from '../../config/index.js';
import type { DeliveryView, NotificationView } from '../../contract/views.js';
import { CliError, EXIT, type ExitCode } from '../exit.js';
import type { Io } from '../io.js';
import { jsonText, table, when } from '../print.js';
import { readConfig, withApp } from '../stack.js';
import type { Register } from './context.js';

const SHOWN = 20;
const SHOWN_MAX = 1_000;
/** A slow mail server takes some seconds, one that doesn't answer fifteen. */
const TEST_WAIT_MS = 20_000;
const LOOK_EVERY_MS = 200;

interface ListOptions {
  readonly limit: number;
  readonly undelivered?: boolean;
  readonly json?: boolean;
}

export const registerNotify: Register = (program, { io, finish }) => {
  program
    .command('notifications')
    .option('--limit <n>', 'how many, the newest first', limitOf, SHOWN)
    .option('--undelivered', 'only what has not arrived on some channel')
    .option('--json', 'print as JSON')
    .action(async (options: ListOptions) => finish(await list(io, options)));
  program
    .command('notify')
    .command('test')
    .description('send a test message through the outbox, on every channel that is configured')
    .option('--json', 'print as JSON')
    .action(async ({ json = false }: { json?: boolean }) => finish(await test(io, json)));
};

function limitOf(value: string): number {
  const limit = Number(value);
  if (Number.isInteger(limit) && limit >= 1 && limit <= SHOWN_MAX) return limit;
  throw new InvalidArgumentError(`a whole number from 1 to ${SHOWN_MAX}`);
}

async function list(io: Io, { limit, undelivered = false, json }: ListOptions): Promise<ExitCode> {
  const found = await withApp(io, (app) => listNotifications(app, { limit, undelivered }));
  const rows = found.map((one) => [when(one.created_at), one.kind, statesOf(one), one.summary]);
  if (json) io.out(jsonText(found));
  else if (rows.length === 0) io.out('there is nothing to show\n');
  else io.out(table(io, ['at (UTC)', 'what', 'delivered', 'message'], rows));
  return EXIT.ok;
}

function statesOf({ routed_at: routedAt, deliveries }: NotificationView): string {
  if (routedAt === null) return 'no notifier has seen it';
  if (deliveries.length === 0) return 'not sent: left out, or no channel';
  return deliveries.map((one) => `${one.channel}: ${stateOf(one)}`).join('; ');
}

function stateOf({ state, attempts, last_error: error }: DeliveryView): string {
  const why = error === null ? '' : `: ${error}`;
  if (state === 'sent') return error === null ? 'sent' : `sent, but not to everybody${why}`;
  return state === 'given_up' ? `given up${why}` : `waits, tried ${attempts} times${why}`;
}

async function test(io: Io, asJson: boolean): Promise<ExitCode> {
  // Said also while nothing runs.
  if (configuredChannels(readConfig(io)).length === 0) {
    throw new CliError(EXIT.failed, new NoChannelError().message);
  }
  const told = await withApp(io, async (app) => untilDone(app, await tellTest(app)));
  const isSent = told.deliveries.length > 0 && told.deliveries.every(hasArrived);
  if (asJson) io.out(jsonText(told));
  else io.out(testText(told));
  return isSent ? EXIT.ok : EXIT.failed;
}

function hasArrived({ state, last_error: error }: DeliveryView): boolean {
  return state === 'sent' && error === null;
}

/** Waits until each channel has been tried at least. */
async function untilDone(app: App, id: string): Promise<NotificationView> {
  const untilMs = Date.now() + TEST_WAIT_MS;
  for (;;) {
    const told = (await loadNotification(app, id))!;
    const isTried = ({ state, last_error: error }: DeliveryView) =>
      state !== 'pending' || error !== null;
    const isDone = told.routed_at !== null && told.deliveries.every(isTried);
    if (isDone || Date.now() > untilMs) return told;
    await sleep(LOOK_EVERY_MS);
  }
}

function testText(told: NotificationView): string {
  if (told.routed_at === null) {
    return 'no notifier has taken it: see "ballast doctor"; it is sent once one runs\n';
  }
  return told.deliveries.map((one) => `${one.channel}: ${stateOf(one)}\n`).join('');
}
