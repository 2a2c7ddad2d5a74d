/** `npm run conformance`: the suite against a paper account and a paper gateway, side by side. */
import { divergencesOf } from '../compare.js';
import type { Ability, World } from '../case.js';
import { pause } from '../desk.js';
import { playCase } from '../play.js';
import { SUITE } from '../suite.js';
import { tidyUp } from '../tidy.js';
import { terminalWorld } from '../worlds/terminal.js';
import type { TerminalOptions } from '../worlds/terminal.js';
import { CouldNotRun, firstLook } from './first-look.js';
import type { FirstLook } from './first-look.js';
import { CONFORMANCE_HELP, readOptions } from './options.js';
import type { Asked, ConformanceOptions } from './options.js';
import { startOwnGateway } from './own-gateway.js';
import { caseLines, summaryLines } from './report.js';
import type { Played } from './report.js';

const EXIT_SAME = 0;
const EXIT_DIVERGENCES = 1;
const EXIT_COULD_NOT_RUN = 2;

/** A real account answers within a second or two, a busy one later. */
const ACCOUNT_PATIENCE_MS = 20_000;
const PAPER_QUIET_MS = 250;
/** What was on its way when a case broke off has arrived after this, and can be taken back. */
const ARRIVAL_MS = 15_000;
/** Nobody else is on the own gateway. */
const PAPER_CLIENT_ID = 1;

type Say = (line: string) => void;

const print: Say = (line) => void process.stdout.write(`${line}\n`);

/** @param args after the program's name @returns the exit code */
export async function main(args: readonly string[], say: Say = print): Promise<number> {
  let asked: Asked;
  try {
    asked = readOptions(args);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return EXIT_COULD_NOT_RUN;
  }
  if (asked === 'help') say(CONFORMANCE_HELP);
  else if (asked === 'list') for (const { number, title } of SUITE) say(`${number} ${title}`);
  else return run(asked, say);
  return EXIT_SAME;
}

async function run(options: ConformanceOptions, say: Say): Promise<number> {
  try {
    const look = await firstLook(accountWorld(options, { abilities: [], controlPort: null }));
    say(
      `${options.account} on ${options.host}:${options.port}, ${options.symbol} at ${look.price}`,
    );
    for (const ref of look.leftBefore) say(`an earlier run left order ${ref}: cancel it by hand`);
    if (!look.isOpen) say('its market is closed: cases that need a fill are left out');
    return await compare(options, look, say);
  } catch (error) {
    say(`could not run: ${error instanceof Error ? error.message : String(error)}`);
    if (!(error instanceof CouldNotRun) && process.env['BALLAST_DEBUG']) console.error(error);
    return EXIT_COULD_NOT_RUN;
  }
}

async function compare(options: ConformanceOptions, look: FirstLook, say: Say): Promise<number> {
  const gateway = await startOwnGateway(options.account, look.isAlwaysOpen);
  try {
    const abilities = abilitiesOf(options, look);
    const account = accountWorld(options, { abilities, referencePrice: look.price });
    const paper = terminalWorld({
      ...termsOf(options),
      ...{ name: 'the paper gateway', host: '127.0.0.1', clientId: PAPER_CLIENT_ID },
      ...{ port: gateway.port, controlPort: gateway.controlPort, quietMs: PAPER_QUIET_MS },
      ...{ abilities, referencePrice: look.price },
    });
    await firstLook(paper);
    const played = await playBoth(options, { paper, account }, say);
    if (played.some((one) => one.account.outcome === 'broken')) await pause(ARRIVAL_MS);
    const left = await tidyUp(account, null);
    for (const line of summaryLines(played, left)) say(line);
    const isSame = left.length === 0 && played.every(({ divergences }) => divergences.length === 0);
    return isSame ? EXIT_SAME : EXIT_DIVERGENCES;
  } finally {
    await gateway.stop();
  }
}

async function playBoth(
  { cases, verbose }: ConformanceOptions,
  { paper, account }: { readonly paper: World; readonly account: World },
  say: Say,
): Promise<Played[]> {
  const { isStopped, done } = stopAsked(say);
  const played: Played[] = [];
  try {
    for (const one of cases) {
      if (isStopped()) break;
      const [ofPaper, ofAccount] = [await playCase(one, paper), await playCase(one, account)];
      const divergences = divergencesOf(ofPaper, ofAccount);
      const result = { paper: ofPaper, account: ofAccount, divergences };
      for (const line of caseLines(result, verbose)) say(line);
      played.push(result);
    }
  } finally {
    done();
  }
  return played;
}

/** The same on both sides, so that what is possible is compared and nothing else. */
function abilitiesOf({ controlPort }: ConformanceOptions, look: FirstLook): Ability[] {
  return [
    'second session',
    ...(look.isOpen ? (['fills'] as const) : []),
    ...(controlPort === null ? [] : (['disturbances'] as const)),
    ...(controlPort !== null && look.isOpen ? (['prices'] as const) : []),
  ];
}

function termsOf(options: ConformanceOptions) {
  const { account, symbol, quantity } = options;
  return { account, symbol, quantity, patienceMs: ACCOUNT_PATIENCE_MS };
}

function accountWorld(options: ConformanceOptions, also: Partial<TerminalOptions>): World {
  const { host, port, clientId, controlPort, quietMs, price } = options;
  return terminalWorld({
    ...termsOf(options),
    ...{ name: `account ${options.account}`, host, port, clientId, controlPort, quietMs },
    ...{ referencePrice: price, abilities: [] },
    ...also,
  });
}

/** Ctrl-C ends in order, also when it comes again: what was sent is taken back first. */
function stopAsked(say: Say): { readonly isStopped: () => boolean; readonly done: () => void } {
  let stopped = false;
  const ask = () => {
    if (!stopped) say('stopping after this case, and taking back what it sent');
    stopped = true;
  };
  process.on('SIGINT', ask);
  process.on('SIGTERM', ask);
  const done = () => {
    process.off('SIGINT', ask);
    process.off('SIGTERM', ask);
  };
  return { isStopped: () => stopped, done };
}
