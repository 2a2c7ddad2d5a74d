/**
 * The sample signals: what `npm start` shows once everything is up. They go through the same service
 * as anybody's signals, but only into the paper gateway that was started with them.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { readRuntime } from '../config/index.js';
import type { App } from '../app/app.js';
import { giveCommand } from '../app/commands.js';
import { listAccounts, listConnections, listTrades } from '../app/reads.js';
import { signalDeps, submitSignal } from '../app/signals.js';
import type { TradeDetail } from '../contract/views.js';
import { borrowMarket, type SampleMarket } from './demo/market.js';
import { limitText, readSamples, withLimit, type Sample } from './demo/samples.js';
import { Turns } from './demo/turns.js';
import { CliError, EXIT, type ExitCode } from './exit.js';
import { followTrade } from './follow.js';
import { processIo, type Io } from './io.js';
import { lineText } from './life.js';
import { money, paint, table } from './print.js';
import { historyUrl, withApp } from './stack.js';

export interface DemoOptions {
  /** Only the first sample, as a plain `npm start` shows it. */
  readonly sampleOnly?: boolean;
  readonly io?: Io;
}

/** The broker worker connects, asks for everything and is in sync long before that. */
const READY_LIMIT_MS = 60_000;
const READY_POLL_MS = 250;
/** A sample that still lives after this is closed by hand; most end within half a minute. */
const SAMPLE_LIMIT_MS = 90_000;
/** What a close, its fills and its commissions take at the most. */
const CLOSE_LIMIT_MS = 90_000;
const SAMPLE_STRATEGY_PREFIX = 'example-';
/** Samples of earlier runs that may still live; there are a handful of them. */
const LEFTOVERS_MAX = 20;

/**
 * Runs the samples and prints the life of each. Never throws: whatever goes wrong with a sample is no
 * reason to stop what runs.
 * @returns 0 only when each sample ended as it should: CLOSED, or DENIED for the one that must be
 */
export async function runDemo(
  env: NodeJS.ProcessEnv = process.env,
  options: DemoOptions = {},
): Promise<ExitCode> {
  const io: Io = { ...(options.io ?? processIo()), env };
  const controlUrl = readRuntime(env)?.urls['gateway-control'];
  if (controlUrl === undefined) {
    // Never into an account of somebody's own, paper or not.
    io.err('the samples are for the paper gateway of "npm start" only; none is sent\n');
    return EXIT.ok;
  }
  try {
    return await runInMarket(io, controlUrl, options.sampleOnly === true);
  } catch (error) {
    io.err(`the samples ended early: ${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof CliError ? error.exitCode : EXIT.failed;
  }
}

async function runInMarket(io: Io, controlUrl: string, sampleOnly: boolean): Promise<ExitCode> {
  const market = await borrowMarket(controlUrl);
  try {
    return await withApp(io, async (app) => {
      await waitUntilReady(app);
      await closeLeftovers(io, app);
      return tellSamples(io, app, market, sampleOnly);
    });
  } finally {
    await market.giveBack();
  }
}

/** @throws CliError when no connection gets ready in time */
async function waitUntilReady(app: App): Promise<void> {
  const deadlineMs = Date.now() + READY_LIMIT_MS;
  for (;;) {
    const connections = await listConnections(app);
    const accounts = await listAccounts(app);
    const hasValues = accounts.some((account) => account.values_at !== null);
    if (connections.some((connection) => connection.is_ready) && hasValues) return;
    if (Date.now() > deadlineMs) {
      const seconds = READY_LIMIT_MS / 1_000;
      const message = `the broker worker was not ready within ${seconds} s: see "ballast doctor"`;
      throw new CliError(EXIT.unreachable, message);
    }
    await sleep(READY_POLL_MS);
  }
}

/** A start that was ended amid its samples left them to the broker: they would be in the way. */
async function closeLeftovers(io: Io, app: App): Promise<void> {
  const live = await listTrades(app, { status: 'live', limit: LEFTOVERS_MAX });
  const left = live.filter((trade) => trade.strategy_id.startsWith(SAMPLE_STRATEGY_PREFIX));
  for (const { id, symbol, state } of left) {
    io.out(`a sample of an earlier start is still ${state}: closing ${symbol}, trade ${id}\n`);
    await closeByHand(app, id, 'leftover');
  }
  const deadlineMs = Date.now() + CLOSE_LIMIT_MS;
  for (const { id } of left) {
    await followTrade(app, id, {
      until: 'end',
      deadlineMs,
      onLines: () => undefined,
      onOutage: (message) => io.err(`${message}\n`),
    });
  }
}

async function tellSamples(
  io: Io,
  app: App,
  market: SampleMarket,
  sampleOnly: boolean,
): Promise<ExitCode> {
  const run = Date.now().toString(36);
  const all = readSamples(run);
  const quoted = all.filter(({ symbol }) => market.symbols.has(symbol));
  const samples = sampleOnly ? quoted.slice(0, 1) : quoted;
  if (samples.length === 0) {
    io.err('this market quotes no symbol of the samples; none is sent\n');
    return EXIT.failed;
  }
  if (quoted.length < all.length) {
    io.err(
      `this market quotes ${quoted.length} of the ${all.length} samples; the rest is left out\n`,
    );
  }
  const many = samples.length > 1;
  const what = many
    ? `${samples.length} sample signals, all sent now and told one by one`
    : 'A sample signal';
  io.out(`\n${what}; the market runs at ×${market.speed}:\n`);
  const turns = new Turns(samples.length, (text) => io.out(text));
  const ended = await Promise.all(
    samples.map((sample, story) => tellSample(io, app, market, turns, sample, story)),
  );
  return conclude(io, samples, ended);
}

async function tellSample(
  io: Io,
  app: App,
  market: SampleMarket,
  turns: Turns,
  sample: Sample,
  story: number,
): Promise<TradeDetail> {
  const sent = withLimit(sample, await market.limitThroughAsk(sample.symbol));
  const { tradeId } = await submitSignal(signalDeps(app), app.userId, sent.body);
  turns.tell(story, `\n${paint(io, 'bold', `${sample.file}  trade ${tradeId}`)}\n`);
  const limit = limitText(sample, sent);
  if (limit !== null) turns.tell(story, `${' '.repeat(14)}limit      ${limit}\n`);
  const trade = await liveToTheEnd(io, app, tradeId, (text) => turns.tell(story, text));
  const url = historyUrl(io, app, tradeId);
  if (url) turns.tell(story, `${' '.repeat(14)}history    ${url}\n`);
  turns.end(story);
  return trade;
}

/** Follows a trade; one that takes too long is closed through its workflow, as a person would. */
async function liveToTheEnd(
  io: Io,
  app: App,
  tradeId: string,
  tell: (text: string) => void,
): Promise<TradeDetail> {
  let isClosing = false;
  const impatience = setTimeout(() => {
    isClosing = true;
    const seconds = SAMPLE_LIMIT_MS / 1_000;
    tell(`${' '.repeat(14)}limit      still open after ${seconds} s: closing it by hand\n`);
    closeByHand(app, tradeId, 'sample-limit').catch((error: unknown) =>
      tell(`${error instanceof Error ? error.message : String(error)}\n`),
    );
  }, SAMPLE_LIMIT_MS);
  try {
    const { trade, isDone } = await followTrade(app, tradeId, {
      until: 'end',
      deadlineMs: Date.now() + SAMPLE_LIMIT_MS + CLOSE_LIMIT_MS,
      onOutage: (message) => io.err(`${message}\n`),
      onLines: (lines, { created_at: startedAt }) => {
        for (const line of lines) tell(`${lineText(io, line, startedAt)}\n`);
      },
    });
    if (!isDone && isClosing) tell(`${' '.repeat(14)}limit      it did not end in time\n`);
    return trade;
  } finally {
    clearTimeout(impatience);
  }
}

/** As a person would: the command is a row, and the workflow is told. */
async function closeByHand(app: App, tradeId: string, key: string): Promise<void> {
  const { told } = await giveCommand(app, { tradeId, kind: 'close', key });
  await told;
}

function conclude(io: Io, samples: readonly Sample[], ended: readonly TradeDetail[]): ExitCode {
  const rows = samples.map((sample, index) => {
    const trade = ended[index]!;
    const isRight = trade.state === sample.expected;
    return [
      sample.file,
      paint(io, isRight ? 'green' : 'red', trade.state),
      trade.exit_reason?.replaceAll('_', ' ') ?? trade.denial_codes.join(' '),
      trade.realized_pnl ? money(trade.realized_pnl) : '',
      isRight ? '' : `expected ${sample.expected}`,
    ];
  });
  io.out(`\n${table(io, ['sample', 'ended', 'why', 'P&L net', ''], rows, ['P&L net'])}`);
  const isRight = samples.every((sample, index) => ended[index]?.state === sample.expected);
  return isRight ? EXIT.ok : EXIT.failed;
}
