/** Which errors speak of the database, and which of this system. */
import { expect, test } from '@jest/globals';
import { isOfDatabase, isRefusedData } from '../../store/failure.js';

test.each([
  'Connection terminated unexpectedly',
  'Connection terminated due to connection timeout',
  'timeout exceeded when trying to connect',
  'Query read timeout',
  'Client has encountered a connection error and is not queryable',
])('[SIG-2] "%s" is the database\'s, though the driver gives it no code', (message) => {
  expect(isOfDatabase(new Error(message))).toBe(true);
  expect(isRefusedData(new Error(message))).toBe(false);
});

test('an error of this system is not', () => {
  expect(isOfDatabase(new Error('the book moved'))).toBe(false);
  expect(isOfDatabase(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))).toBe(true);
});
