/** The Python example over recorded days: signals in, trades out, and the day's result by both books. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decimal, sum, text } from '../../domain/money.js';
import { hasRecordedQuotes, RECORDED_QUOTES } from '../support/gateway.js';
import { writeMadeUpDay, MADE_UP_DAY } from './made-up-day.js';
import { hasPython, runExample } from './python-example.js';
import { startStackWithApi, type StackWithApi } from './stack.js';

const describePython = hasPython() ? describe : describe.skip;
if (!hasPython())
  process.stderr.write('skipped: the Python example needs python3 (3.9 or newer)\n');
const describeRecorded = hasPython() && hasRecordedQuotes ? describe : describe.skip;
if (!hasRecordedQuotes) {
  process.stderr.write(`skipped: no recorded quotes at ${RECORDED_QUOTES}\n`);
}

interface Played {
  readonly ballast_pnl: string;
  readonly gateway_pnl: string;
  readonly is_held: boolean;
  readonly signals: readonly {
    readonly at: string;
    readonly symbol: string;
    readonly entry: string;
    readonly stop: string;
    readonly target: string;
    readonly indicators: Readonly<Record<string, string>>;
    readonly trade: {
      readonly id: string;
      readonly state: string;
      readonly filled_quantity: string;
      readonly average_entry: string | null;
      readonly average_exit: string | null;
      readonly exit_reason: string | null;
      readonly realized_pnl: string | null;
      readonly denial_codes: readonly string[];
    };
  }[];
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-days-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Plays a day of a folder of days on a stack of its own. */
async function play(days: string, day: string, speed: number) {
  const world = await startStackWithApi({
    gateway: { market: `replay:${days}`, flags: ['--paused', '--at', `${day}T09:30:00-04:00`] },
  });
  try {
    const json = join(folder, `${day}.json`);
    const ran = await runExample(argumentsFor(world, join(days, day), json, speed), world.env);
    if (ran.code !== 0) throw new Error(`exit code ${ran.code}\n${ran.out}\n${ran.err}`);
    const played = JSON.parse(readFileSync(json, 'utf8')) as Played;
    process.stderr.write(`${ran.out}\n`);
    await expectEqual(world, played);
    return { played, out: ran.out };
  } finally {
    await world.stop();
  }
}

function argumentsFor({ env }: StackWithApi, day: string, json: string, speed: number): string[] {
  const at = ['--url', env['BALLAST_URL']!, '--gateway', env['GATEWAY']!];
  return ['replay_day.py', day, ...at, '--speed', String(speed), '--json', json];
}

/** Both results by other ways than the example's own: the rows of the books, and the gateway's ledger of fills. */
async function expectEqual({ stack }: StackWithApi, played: Played): Promise<void> {
  expect(played.is_held).toBe(false);
  const trades = await stack.db.trade.findMany();
  const booked = sum(trades.map(({ realizedPnl }) => decimal(String(realizedPnl ?? 0))));
  const ledger = await stack.gateway.control<Ledger>('/ledger');
  const flows = ledger.executions.map(({ side, shares, price, commission }) => {
    const value = decimal(shares).mul(decimal(price));
    return (side === 'SLD' ? value : value.neg()).sub(decimal(commission));
  });
  const cents = (value: string) => decimal(value).toFixed(2);
  expect(cents(text(booked))).toBe(cents(text(sum(flows))));
  expect(cents(played.ballast_pnl)).toBe(cents(text(booked)));
  expect(cents(played.gateway_pnl)).toBe(cents(text(booked)));
}

interface Ledger {
  readonly executions: readonly {
    readonly side: string;
    readonly shares: string;
    readonly price: string;
    readonly commission: string;
  }[];
}

describePython('a made-up day', () => {
  test('[SDK-1] one trade ends at its target, one at its stop, one is closed by time', async () => {
    const days = join(folder, 'made-up');
    writeMadeUpDay(days);
    const { played, out } = await play(days, MADE_UP_DAY, 2_000);
    const told = played.signals.map(({ symbol, entry, stop, target, trade }) => {
      return [symbol, entry, stop, target, trade.average_entry, trade.exit_reason];
    });
    expect(told).toEqual([
      ['AAPL', '201.02', '200.52', '202.02', '201.02', 'target'],
      ['IBM', '181.02', '180.52', '182.02', '181.02', 'stop'],
      ['KO', '61.02', '60.52', '62.02', '61.02', 'manual'],
    ]);
    expect(played.signals[0]?.indicators).toEqual({
      ...{ range_high: '201.00', range_low: '200.00', range_width: '1.00' },
      ...{ atr: '0.060000', breakout: '0.01', spread: '0.02' },
    });
    expect(out).toMatch(/equal to the cent/);
  }, 420_000);
});

describeRecorded('recorded days', () => {
  test.each(['2013-10-07', '2013-10-08', '2013-10-09'])(
    '[SDK-1] %s: signals in, trades out, equal to the cent',
    async (day) => {
      const { played, out } = await play(RECORDED_QUOTES, day, 600);
      expect(played.signals.length).toBeGreaterThan(1);
      for (const { trade, indicators } of played.signals) {
        expect(trade.state).toMatch(/^(CLOSED|DENIED)$/);
        expect(Object.keys(indicators)).toEqual(expect.arrayContaining(['range_high', 'atr']));
      }
      expect(out).toMatch(/equal to the cent/);
    },
    480_000,
  );
});
