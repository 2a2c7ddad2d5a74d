/** What a JSON text says, and its value doesn't. */
import { describe, expect, test } from '@jest/globals';
import { decodeUtf8, NotUtf8Error, readJsonText } from '../../contract/json-text.js';

const paths = (text: string) => readJsonText(text).flaws.map(({ path }) => path);

describe('[SIG-1] numbers of a JSON text', () => {
  test.each([
    ['0'],
    ['-0'],
    ['-0.0'],
    ['0e5'],
    ['1.0'],
    ['1.00000000000000000000'],
    ['100000000000000000000'],
    ['9007199254740992'],
    ['-9007199254740991'],
    ['181.62000000000003'],
    ['0.1'],
    ['1e21'],
    ['1E+2'],
    ['123.45e-2'],
    ['1.7976931348623157e308'],
    ['5e-324'],
    ['0.00000000000000000001'],
  ])('%s is what it is read as', (number) => {
    expect(readJsonText(`{"n": ${number}}`)).toEqual({ value: { n: Number(number) }, flaws: [] });
  });

  test.each([
    ['9007199254740993'],
    ['-9007199254740993'],
    ['1.00000000000000000001'],
    ['0.1000000000000000055511151231257827'],
    ['181.620000000000004547'],
    ['1e400'],
    ['-1e400'],
    ['1e-400'],
    ['1.7976931348623159e308'],
    ['12345678901234567890'],
  ])('%s is not', (number) => {
    expect(paths(`{"quantity": ${number}}`)).toEqual(['quantity']);
    expect(paths(`[1, {"a": ${number}}]`)).toEqual(['1.a']);
    expect(paths(number)).toEqual(['']);
    expect(paths(`{"quantity": "${number}"}`)).toEqual([]);
  });

  test('what it is read as is told, and what to write', () => {
    const [flaw] = readJsonText('{"quantity": 9007199254740993}').flaws;
    expect(flaw!.message).toContain(
      'read as 9007199254740992: write it as text ("9007199254740993")',
    );
    expect(readJsonText('1e400').flaws[0]!.message).toContain('can not be read');
  });

  test('one that is as long as a body, and many of them, take no time', () => {
    const long = `1${'0'.repeat(500_000)}.${'0'.repeat(500_000)}1`;
    const [flaw] = readJsonText(long).flaws;
    expect(flaw!.message.length).toBeLessThan(200);
    const many = `[${Array(10_000).fill('9007199254740993').join(',')}]`;
    expect(paths(many)).toHaveLength(50);
  });
});

test('[SIG-1] keys that stand twice are found wherever they are', () => {
  expect(paths('{"a": 1, "\\u0061": 2, "b": {"c": [0, {"d": 1, "d": 1}]}}')).toEqual([
    'a',
    'b.c.1.d',
  ]);
  expect(paths('{"a": {"x": 1}, "b": {"x": "\\"x\\": 1"}}')).toEqual([]);
});

test('[SIG-1] nobody means a document of thousands of levels', () => {
  const deep = '['.repeat(5_000) + ']'.repeat(5_000);
  expect(() => readJsonText(deep)).toThrow(RangeError);
});

test('[SIG-1] bytes are text without a mark before it, or none', () => {
  expect(decodeUtf8(Buffer.from('\uFEFF{"a": "é"}'))).toBe('{"a": "é"}');
  for (const bytes of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80]]) {
    expect(() => decodeUtf8(Uint8Array.from([0x22, ...bytes, 0x22]))).toThrow(NotUtf8Error);
  }
});
