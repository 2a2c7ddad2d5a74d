/** A case about people who can't be told for a while: no trade waits for that, and nothing is left out later. */
import { setTimeout as sleep } from 'node:timers/promises';
import { NOTHING_ALLOWED } from '../disturb/disturbance.js';
import { inScene, type Actor, type Role, type Scene } from '../harness/scene.js';
import { isOpenAndCalm, isSettled } from '../judge/engine-books.js';
import type { Finding } from '../judge/finding.js';
import { mailFindings } from '../judge/mail.js';
import { share, secondsOf } from '../judge/share.js';
import { startMailbox, type Mailbox } from '../stack/mailbox.js';
import type { ChaosStack } from '../stack/stack.js';
import type { Case } from './case.js';
import { waitFor } from './scene.js';

/** A shorter outage, in seconds, to try the case itself. */
const SECONDS = 'CHAOS_MAIL_DOWN_SECONDS';
const DOWN_S = 600;

/** So many at a time; with the server up, the first two waves show what is usual. */
const WAVE = 5;
const WAVES_UP = 2;
const WAVES_DOWN = 10;

const ENDINGS = ['close', 'stop', 'target', 'bare close', 'cancel'] as const;
const waveOf = (wave: number): string[] =>
  Array.from({ length: WAVE }, (_, index) => `w${wave}-${index + 1}`);
const ROLES: readonly Role[] = Array.from({ length: WAVES_UP + WAVES_DOWN }, (_, wave) =>
  waveOf(wave).map((name, index): Role => ({ name, ending: ENDINGS[index]!, contract: index })),
).flat();

/** A notifier looks at a server that was away once a minute at the latest; then one mail follows the other. */
const ARRIVES_LIMIT_MS = 150_000;
const OPEN_LIMIT_MS = 60_000;
/** What two busy cores make of the same five trades twice; a wait for a mail server would be its time-outs. */
const SLOWER_FACTOR_MAX = 3;
const SLOWER_BY_MAX_MS = 2_000;
/** A repeat would come with the next look. */
const REPEATS_AFTER_MS = 3_000;

/** @throws Error when the environment names no whole number of seconds */
function downMs(): number {
  const seconds = Number(process.env[SECONDS] ?? DOWN_S);
  if (Number.isInteger(seconds) && seconds > 0) return seconds * 1_000;
  throw new Error(`${SECONDS} must be a whole number of seconds`);
}

const mailDown: Case = {
  name: 'P-mail-down',
  story: 'The mail server is down for ten minutes while fifty trades come and go.',
  also: ['notifier'],
  reusable: false,
  // Over ten minutes: played when asked for, not with every change.
  onlyByName: true,
  play: (stack, tell) => inScene(stack, 'mail', ROLES, (scene) => play(scene, tell)),
};

async function play(scene: Scene, tell: (line: string) => void): Promise<readonly Finding[]> {
  const { stack } = scene;
  const lastsMs = downMs();
  const up = await startMailbox(stack.mailPort);
  const usualMs: number[] = [];
  const all: Actor[] = [];
  const findings: Finding[] = [];
  for (let wave = 0; wave < WAVES_UP; wave += 1) {
    findings.push(...(await playWave(scene, wave, all, usualMs)));
  }
  findings.push(...(await arrived(stack, [up], 'with the server up')));
  await up.close();
  const downSinceMs = Date.now();
  const meanwhileMs: number[] = [];
  for (let wave = 0; wave < WAVES_DOWN; wave += 1) {
    await sleep(Math.max(0, downSinceMs + (wave * lastsMs) / WAVES_DOWN - Date.now()));
    findings.push(...(await playWave(scene, WAVES_UP + wave, all, meanwhileMs)));
  }
  await sleep(Math.max(0, downSinceMs + lastsMs - Date.now()));
  findings.push(...(await heldBack(stack, up, tell)));
  const again = await startMailbox(stack.mailPort);
  const backAtMs = Date.now();
  findings.push(...(await arrived(stack, [up, again], 'after the outage')));
  tell(`    down for ${secondsOf(backAtMs - downSinceMs)}; ${again.mails.length} mails arrived`);
  tell(
    `    within ${secondsOf(Date.now() - backAtMs)} of its return, ${up.mails.length} before it went`,
  );
  await again.close();
  tell(`    to shares under a stop, mail up:   ${inWords(usualMs)}`);
  tell(`    to shares under a stop, mail down: ${inWords(meanwhileMs)}`);
  return [
    ...findings,
    ...slower(usualMs, meanwhileMs),
    ...(await scene.judge(all, NOTHING_ALLOWED)),
  ];
}

/** Enters five, and drives them to their ends; notes how long each took to be open, or to rest. */
async function playWave(
  scene: Scene,
  wave: number,
  all: Actor[],
  tookMs: number[],
): Promise<readonly Finding[]> {
  const startedAtMs = Date.now();
  const actors = await scene.submit(...waveOf(wave));
  all.push(...actors);
  await Promise.all(
    actors.map(async ({ tradeId, lived }) => {
      const deadlineMs = startedAtMs + OPEN_LIMIT_MS;
      if (lived.plan.ending === 'cancel') return;
      const isIn = await scene.watch.until(
        tradeId,
        (row) => isOpenAndCalm(row) || isSettled(row),
        deadlineMs,
      );
      tookMs.push(isIn ? Date.now() - startedAtMs : Infinity);
    }),
  );
  return scene.finish(actors);
}

/** Waits until everything is in a mailbox, then for what may come beside that. */
async function arrived(
  { books }: ChaosStack,
  boxes: readonly Mailbox[],
  when: string,
): Promise<Finding[]> {
  const judge = async () => {
    const told = await books.notifications();
    return mailFindings(
      told,
      boxes.flatMap(({ mails }) => mails),
    );
  };
  await waitFor(ARRIVES_LIMIT_MS, async () => (await judge()).length === 0);
  await sleep(REPEATS_AFTER_MS);
  const findings = await judge();
  return findings.map((each) => ({ ...each, detail: `${each.detail} (${when})` }));
}

/** Nothing can have arrived: or else the server was not down. */
async function heldBack(
  { books }: ChaosStack,
  up: Mailbox,
  tell: (line: string) => void,
): Promise<Finding[]> {
  const told = await books.notifications();
  const waiting = told.length - up.mails.length;
  tell(`    ${waiting} messages wait for the server`);
  if (waiting > 0) return [];
  return [{ kind: 'unreached', subject: 'mail', detail: 'no message was held back' }];
}

function slower(usualMs: readonly number[], meanwhileMs: readonly number[]): Finding[] {
  const [usual, meanwhile] = [share(usualMs, 0.9), share(meanwhileMs, 0.9)];
  if (meanwhile <= usual * SLOWER_FACTOR_MAX + SLOWER_BY_MAX_MS) return [];
  const detail = `nine of ten within ${secondsOf(meanwhile)}, with the mail server up ${secondsOf(usual)}`;
  return [{ kind: 'slow', subject: 'trades', detail }];
}

function inWords(tookMs: readonly number[]): string {
  const [half, most, longest] = [0.5, 0.9, 1].map((part) => secondsOf(share(tookMs, part)));
  return `${tookMs.length} trades, half within ${half}, nine of ten within ${most}, all within ${longest}`;
}

export const MAIL: readonly Case[] = [mailDown];
