/** The codec of the TWS port: whatever is written can be read back, at every version. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Decimal } from '../../domain/money.js';
import {
  FieldError,
  FieldReader,
  escapeText,
  fieldText,
  isUnset,
  readBool,
  readDecimal,
  readInt,
} from '../../gateway/protocol/fields.js';
import {
  FrameReader,
  FramingError,
  decodeBody,
  encodeFrame,
} from '../../gateway/protocol/frames.js';
import { LayoutWriter } from '../../gateway/protocol/layout-writer.js';
import { readLayout, writeLayout } from '../../gateway/protocol/layout.js';
import type { FieldValues, Layout } from '../../gateway/protocol/layout.js';
import { COMPLETED_ORDER, OPEN_ORDER, PLACE_ORDER } from '../../gateway/protocol/order-layouts.js';
import {
  GATE,
  SERVER_VERSION_MAX,
  SERVER_VERSION_MIN,
  negotiateVersion,
  readVersionOffer,
} from '../../gateway/protocol/versions.js';
import { greetingOf } from './support/raw-client.js';

/** Undoes `escapeText` (its blanks stay). */
function unescapeText(value: string): string {
  return value.replace(/\\u([0-9a-fA-F]{4})/g, (_match, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

const field = fc.string({ unit: 'grapheme' }).map((value) => value.replaceAll('\0', ''));
const version = fc.integer({ min: SERVER_VERSION_MIN, max: SERVER_VERSION_MAX });

test('[PRF-4] frames come out as they went in, however the bytes are cut', () => {
  const messages = fc.array(fc.array(field, { minLength: 1 }), { minLength: 1, maxLength: 8 });
  const cuts = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 });
  fc.assert(
    fc.property(messages, cuts, fc.boolean(), (sent, sizes, greeting) => {
      const frames = sent.map(encodeFrame);
      const start = greeting ? [greetingOf('v100..193 +PACEAPI')] : [];
      const bytes = Buffer.concat([...start, ...frames]);
      const reader = new FrameReader({ greeting });
      const bodies: Buffer[] = [];
      for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
        const size = sizes[turn % sizes.length] ?? 1;
        bodies.push(...reader.push(bytes.subarray(at, at + size)));
        at += size;
      }
      const expected = greeting ? [['v100..193 +PACEAPI'], ...sent] : sent;
      expect(bodies.map(decodeBody)).toEqual(expected);
    }),
  );
});

test('[GWY-6] bytes of another protocol and impossible lengths are refused at once', () => {
  const reject = (bytes: Buffer, greeting = true): void => {
    expect(() => new FrameReader({ greeting }).push(bytes)).toThrow(FramingError);
  };
  reject(Buffer.from('GET / HTTP/1.1\r\n'));
  reject(Buffer.from('API?'));
  reject(Buffer.concat([Buffer.from('API\0'), Buffer.from([0, 0, 0x10, 0])]));
  reject(Buffer.from([0xff, 0xff, 0xff, 0xff]), false);
  reject(Buffer.from([0, 0, 0, 0]), false);
  reject(Buffer.from([0, 0xff, 0xff, 0xff]), false);
  expect(() => encodeFrame(['a\0b'])).toThrow(RangeError);
});

test('[PRF-4] numbers, booleans and texts survive the wire', () => {
  const decimals = fc
    .tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.integer({ min: 0, max: 8 }))
    .map(([digits, places]) => new Decimal(digits.toString()).div(new Decimal(10).pow(places)));
  fc.assert(
    fc.property(decimals, (value) => {
      fc.pre(!isUnset(fieldText(value)));
      expect(readDecimal(fieldText(value), 'x')?.eq(value)).toBe(true);
    }),
  );
  fc.assert(
    fc.property(fc.integer(), (value) => {
      fc.pre(!isUnset(fieldText(value)));
      expect(readInt(fieldText(value), 'x')).toBe(value);
    }),
  );
  fc.assert(fc.property(fc.boolean(), (value) => readBool(fieldText(value), 'x') === value));
  fc.assert(
    fc.property(field, (value) => {
      fc.pre(!/\\u[0-9a-fA-F]{4}/.test(value));
      const escaped = escapeText(value);
      expect(Buffer.byteLength(escaped)).toBe(escaped.length);
      expect(unescapeText(escaped)).toBe(value);
    }),
  );
});

test('every sentinel of every client reads as unset', () => {
  const sentinels = [
    '',
    '2147483647',
    '1.7976931348623157E308',
    '1.7976931348623157e+308',
    '9223372036854775807',
    '170141183460469231731687303715884105727',
    'Infinity',
  ];
  for (const sentinel of sentinels) {
    expect(readDecimal(sentinel, 'x')).toBeUndefined();
    expect(readInt(sentinel, 'x', 7)).toBe(7);
    expect(readBool(sentinel, 'x')).toBe(false);
  }
  for (const garbage of ['abc', '1.2.3', '--1', '0x10', '1e9999', '9'.repeat(100)]) {
    expect(() => readDecimal(garbage, 'lmtPrice')).toThrow(FieldError);
  }
  expect(() => readInt('1.5', 'clientId')).toThrow('Unable to parse field: clientId');
  expect(() => new FieldReader([]).int('orderId')).toThrow(FieldError);
});

/** Values that switch every optional group of the order messages on and off. */
const switches: Record<string, string[]> = {
  secType: ['STK', 'BAG'],
  exchange: ['SMART', 'IBKRATS'],
  orderType: ['LMT', 'PEG BENCH', 'PEG BEST', 'PEG MID'],
  competeAgainstBestOffset: ['', '0.01', 'Infinity'],
  deltaNeutralOrderType: ['', 'MKT'],
  deltaNeutralContract: ['', '0', '1'],
  scalePriceIncrement: ['', '0', '0.05'],
  hedgeType: ['', 'D'],
  algoStrategy: ['', 'Vwap'],
  comboLegs: ['0', '2'],
  orderComboLegs: ['', '2'],
  smartComboRoutingParams: ['0', '1'],
  algoParams: ['0', '3'],
  conditions: ['0', '1', '3'],
};
const CONDITION_TYPES = ['1', '3', '4', '5', '6', '7'];

function valueOf(name: string, at: number, picks: readonly number[]): string {
  const pick = picks[at % picks.length] ?? 0;
  if (/^condition\.\d+\.type$/.test(name)) return CONDITION_TYPES[pick % 6] ?? '1';
  const choices = switches[name];
  return choices ? (choices[pick % choices.length] ?? '') : `${name}=${pick}`;
}

/** Every value that a layout may ask for, without knowing which it will. */
function valuesFor(picks: readonly number[]): FieldValues {
  let at = 0;
  return new Proxy<FieldValues>(
    {},
    {
      get(target, name) {
        if (typeof name !== 'string') return undefined;
        target[name] ??= valueOf(name, at++, picks);
        return target[name];
      },
    },
  );
}

test.each([
  ['placeOrder', PLACE_ORDER],
  ['openOrder', OPEN_ORDER],
  ['completedOrder', COMPLETED_ORDER],
] as [string, Layout][])('[PRF-4] %s round trips with all its groups', (_name, layout) => {
  const picks = fc.array(fc.nat({ max: 1000 }), { minLength: 20, maxLength: 60 });
  fc.assert(
    fc.property(version, picks, (at, chosen) => {
      const values = valuesFor(chosen);
      const fields = writeLayout(layout, at, values);
      const reader = new FieldReader(fields);
      const read = readLayout(layout, at, reader);
      expect(reader.remaining).toBe(0);
      for (const [name, value] of Object.entries(read)) expect(value).toBe(values[name]);
      expect(writeLayout(layout, at, read)).toEqual(fields);
    }),
  );
});

test('[PRF-4] the template writer writes what the layout says, with and without optional groups', () => {
  const defaults = { deltaNeutralOrderType: 'None', conditions: '0', status: 'x', strike: '0' };
  const picks = fc.array(fc.nat({ max: 1000 }), { minLength: 20, maxLength: 60 });
  const owners = fc.array(fc.constantFrom('own', 'extra', 'neither'), {
    minLength: 7,
    maxLength: 30,
  });
  for (const layout of [OPEN_ORDER, COMPLETED_ORDER]) {
    const writer = new LayoutWriter(layout, defaults);
    fc.assert(
      fc.property(version, picks, owners, fc.boolean(), (at, chosen, sides, plain) => {
        const all = valuesFor(chosen);
        writeLayout(layout, at, all);
        const own: FieldValues = {};
        const extra: FieldValues = {};
        Object.keys(all).forEach((name, index) => {
          if (plain && (name in switches || name.includes('.'))) return;
          const side = sides[index % sides.length];
          if (side === 'own') own[name] = all[name] ?? '';
          if (side !== 'neither') extra[name] = side === 'own' ? 'hidden' : (all[name] ?? '');
        });
        for (const name of Object.keys(switches)) {
          if (own[name] !== undefined) delete extra[name];
        }
        const expected = writeLayout(layout, at, { ...defaults, ...extra, ...own });
        expect(writer.write(at, own, extra)).toEqual(expected);
      }),
    );
  }
});

test('a plain stock order has the number of fields that the clients were measured to send', () => {
  const plain = (at: number): number => 1 + writeLayout(PLACE_ORDER, at, { secType: 'STK' }).length;
  expect([157, 178, 187, 193].map(plain)).toEqual([110, 114, 118, 118]);
});

test('[GWY-1] the version is the highest common one, and never 158', () => {
  const announced = (offer: string): number | undefined => {
    const read = readVersionOffer(offer);
    return read && negotiateVersion(read, SERVER_VERSION_MAX);
  };
  expect(announced('v100..193')).toBe(193);
  expect(announced('v157..178')).toBe(178);
  expect(announced('v100..226 +PACEAPI')).toBe(193);
  expect(announced('v100..157')).toBe(157);
  expect(announced('v100..158')).toBe(157);
  expect(announced('v100..156')).toBeUndefined();
  expect(announced('v203..213')).toBeUndefined();
  expect(announced('hello')).toBeUndefined();
  expect(GATE.DURATION).toBe(158);
});
