/** The worked cases of the sizing rules, and a few of our own reckoned by hand. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { InvalidCaseError, readCases, sizeCase } from '../../../domain/sizing/case.js';

const CASES_FILE = join(process.cwd(), '../shared/examples/sizing.json');

interface WorkedCase {
  readonly name: string;
  readonly input: Record<string, unknown>;
  readonly expected: unknown;
}

if (!existsSync(CASES_FILE)) {
  console.warn(`skipped: the worked sizing cases are not at ${CASES_FILE}`);
  test.skip('[SIZ-4] worked cases of the examples folder (file is not there)', () => undefined);
} else {
  const file = JSON.parse(readFileSync(CASES_FILE, 'utf8')) as { cases: WorkedCase[] };
  describe('[SIZ-4] worked cases of the examples folder', () => {
    test.each(file.cases.map((worked) => [worked.name, worked] as const))('%s', (_name, worked) => {
      expect(sizeCase(worked.input)).toStrictEqual(worked.expected);
    });

    test('the whole file reads as cases, in order', () => {
      const names = readCases(file).map(({ name }) => name);
      expect(names).toStrictEqual(file.cases.map(({ name }) => name));
    });
  });
}

const LONG = { equity: '100000', risk_pct: '0.01', entry_price: '150', stop_loss: '145' };

describe('[SIZ-4] cases reckoned by hand', () => {
  test('100,000 at 1 %, entry 150, stop 145, target 160: 200 raw, 133 by the position cap', () => {
    expect(sizeCase({ ...LONG, take_profit: '160' })).toStrictEqual({
      raw_quantity: '200',
      caps: {
        position: '133',
        strategy: '333',
        cash: '666',
        buying_power: '666',
        open_risk: '2000',
      },
      bound_by: 'position',
      approved: true,
      quantity: '133',
      risk_amount: '665.00',
      risk_percent: '0.00665',
      position_value: '19950.00',
      rr_ratio: '2',
    });
  });

  test('10,000 at 2 %, entry 100, stop 95: 40 with the position cap off, 20 with it', () => {
    const base = { equity: '10000', risk_pct: '0.02', entry_price: '100', stop_loss: '95' };
    expect(sizeCase({ ...base, max_position_pct: '1', max_strategy_pct: '1' }).quantity).toBe('40');
    expect(sizeCase(base).quantity).toBe('20');
  });

  test('[SIZ-2] an explicit quantity within every cap is taken as it is', () => {
    const sized = sizeCase({ ...LONG, risk_pct: undefined, quantity: '100' });
    expect(sized).toMatchObject({ raw_quantity: '100', approved: true, quantity: '100' });
    expect(sized.bound_by).toBeNull();
  });

  test('[SIZ-2] an explicit quantity is never reduced: a cap denies it', () => {
    const sized = sizeCase({ ...LONG, quantity: '134' });
    expect(sized).toMatchObject({ bound_by: 'position', approved: false, quantity: '0' });
  });

  test('[SIZ-2] an explicit quantity off the quantity step is denied, not rounded', () => {
    expect(sizeCase({ ...LONG, quantity: '10.5' })).toMatchObject({
      approved: false,
      quantity: '0',
    });
  });

  test('[SIZ-2] buying power below the cash binds', () => {
    const sized = sizeCase({ ...LONG, available_cash: '50000', buying_power: '1500' });
    expect(sized).toMatchObject({ bound_by: 'buying_power', quantity: '10' });
  });
});

describe('bad cases name their path', () => {
  const pathsOf = (input: unknown): string[] => {
    try {
      sizeCase(input);
      return [];
    } catch (error) {
      if (!(error instanceof InvalidCaseError)) throw error;
      return error.issues.map(({ path }) => path);
    }
  };

  test.each([
    ['not an object', 7, ['input']],
    [
      'all that is required',
      {},
      ['input.equity', 'input.risk_pct', 'input.entry_price', 'input.stop_loss'],
    ],
    ['an unknown field', { ...LONG, stop: '1' }, ['input.stop']],
    ['an exponent', { ...LONG, equity: '1e5' }, ['input.equity']],
    ['NaN', { ...LONG, equity: Number.NaN }, ['input.equity']],
    ['nine decimals', { ...LONG, equity: '1.123456789' }, ['input.equity']],
    ['a negative price', { ...LONG, entry_price: '-1' }, ['input.entry_price']],
    ['a zero price', { ...LONG, entry_price: '0' }, ['input.entry_price']],
    ['a percent for a fraction', { ...LONG, risk_pct: '2' }, ['input.risk_pct']],
    ['a wrong side', { ...LONG, side: 'LONG' }, ['input.side']],
    ['a wrong on_cap', { ...LONG, on_cap: 'cut' }, ['input.on_cap']],
    ['a stop above a long', { ...LONG, stop_loss: '151' }, ['input.stop_loss']],
    ['a stop at the entry', { ...LONG, stop_loss: '150' }, ['input.stop_loss']],
    ['a target below a long', { ...LONG, take_profit: '149' }, ['input.take_profit']],
    ['a stop below a short', { ...LONG, side: 'SELL' }, ['input.stop_loss']],
  ])('%s', (_name, input, paths) => {
    expect(pathsOf(input)).toStrictEqual(paths);
  });

  test('numbers whose shortest text is a decimal are taken', () => {
    expect(sizeCase({ ...LONG, entry_price: 150 }).quantity).toBe('133');
  });

  test('a file of cases: what is not one is named, defaults of the file are filled in', () => {
    expect(() => readCases({ cases: [{ input: 1 }] })).toThrow('cases.0.input');
    expect(() => readCases({ cases: [null] })).toThrow('cases.0');
    expect(() => readCases({})).toThrow('cases: expected a list');
    expect(() => readCases({ cases: [], defaults: 1 })).toThrow('defaults');
    const file = { defaults: { on_cap: 'deny' }, cases: [{ input: LONG }] };
    expect(sizeCase(readCases(file)[0]!.input).approved).toBe(false);
    expect(readCases([{ name: 'alone', input: LONG }])[0]!.name).toBe('alone');
  });
});
