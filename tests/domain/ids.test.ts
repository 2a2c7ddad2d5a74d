import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { clientOrderId, isOwnReference } from '../../domain/ids.js';

const sha256Hex = (value: string) => createHash('sha256').update(value).digest('hex');
const idOf = (installation: string, trade = 't1', role: 'ENTRY' | 'STOP' = 'ENTRY', sequence = 1) =>
  clientOrderId(installation, trade, role, sequence, sha256Hex);

test('[BRK-2] a reference is the installation and a hash of the leg, at most 40 printable characters', () => {
  const id = idOf('abcd1234');
  expect(id).toMatch(/^abcd1234-[0-9a-f]{24}$/);
  expect(idOf('abcd1234')).toBe(id);
  expect(isOwnReference('abcd1234', id)).toBe(true);
  expect(isOwnReference('abcd123', id)).toBe(false);
});

test('[BRK-2] every leg has its own', () => {
  const ids = [
    idOf('abcd1234'),
    idOf('abcd1235'),
    idOf('abcd1234', 't2'),
    idOf('abcd1234', 't1', 'STOP'),
    idOf('abcd1234', 't1', 'ENTRY', 2),
  ];
  expect(new Set(ids).size).toBe(ids.length);
});

test('[BRK-2] an installation id of another form is refused', () => {
  for (const bad of ['', 'ABCD1234', 'abc', 'abcd12345', 'abcd 123']) {
    expect(() => idOf(bad)).toThrow(/8 characters/);
  }
});
