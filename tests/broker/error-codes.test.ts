/** The table of error codes and the table of statuses: their rules, and the page made from them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { renderErrorCodes } from '../../broker/ibkr/error-codes-doc.js';
import { codeRow, orderErrorMeaning } from '../../broker/ibkr/error-codes.js';
import type { OrderFacts } from '../../broker/ibkr/error-codes.js';
import { ERROR_CODES } from '../../broker/ibkr/error-code-table.js';
import { orderStatusFrom } from '../../broker/ibkr/status.js';
import type { StatusFacts } from '../../broker/ibkr/status.js';
import { ORDER_STATUSES } from '../../domain/vocabulary.js';

const PAGE = new URL('../../docs/reference/ibkr-error-codes.md', import.meta.url);

const NEW_ORDER: OrderFacts = {
  acknowledged: false,
  modificationInFlight: false,
  cancelSent: false,
  sentAsChild: false,
};
const LIVE_ORDER: OrderFacts = { ...NEW_ORDER, acknowledged: true };

test('[BRK-4] the reference page shows exactly the tables', () => {
  if (process.env['WRITE_DOCS'] === 'true') writeFileSync(PAGE, renderErrorCodes());
  const page = readFileSync(PAGE, 'utf8');
  // Out of date: run this test once with WRITE_DOCS=true.
  expect(page).toBe(renderErrorCodes());
});

test('[BRK-4] every code is listed once, with a sentence', () => {
  const codes = ERROR_CODES.map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  for (const { sentence } of ERROR_CODES) expect(sentence).toMatch(/^[A-Z].{10,}\.$/);
});

test.each([
  ['on a new order', 110, NEW_ORDER, { errorClass: 'rejection', about: 'order' }],
  ['on a living order', 110, LIVE_ORDER, { errorClass: 'rejection', about: 'modification' }],
  ['refused by the servers', 201, NEW_ORDER, { errorClass: 'rejection', about: 'order' }],
  ['refused by them later', 201, LIVE_ORDER, { errorClass: 'rejection', about: 'order' }],
  [
    'a change refused by them',
    201,
    { ...LIVE_ORDER, modificationInFlight: true },
    { errorClass: 'rejection', about: 'modification' },
  ],
  ['cancelled', 202, LIVE_ORDER, { errorClass: 'terminal', about: 'order' }],
  ['market closed', 399, LIVE_ORDER, { errorClass: 'warning', about: 'order' }],
  ['time in force by preset', 10349, LIVE_ORDER, { errorClass: 'warning', about: 'order' }],
  ['nothing to cancel', 10147, LIVE_ORDER, { errorClass: 'rejection', about: 'cancel' }],
  ['too late to cancel', 10148, NEW_ORDER, { errorClass: 'rejection', about: 'cancel' }],
  [
    'cancel of an unknown order',
    135,
    { ...NEW_ORDER, cancelSent: true },
    { errorClass: 'rejection', about: 'cancel' },
  ],
  [
    'child of a refused parent',
    135,
    { ...NEW_ORDER, sentAsChild: true },
    { errorClass: 'rejection', about: 'order' },
  ],
  ['revision in a group', 10326, LIVE_ORDER, { errorClass: 'rejection', about: 'modification' }],
  ['an id used before', 103, NEW_ORDER, { errorClass: 'unknown', about: 'write' }],
  ['a code of tomorrow', 12345, LIVE_ORDER, { errorClass: 'unknown', about: 'order' }],
] as const)('[BRK-4] %s: code %i', (_title, code, facts, meaning) => {
  expect(orderErrorMeaning(code, facts)).toEqual(meaning);
});

test('[BRK-4] an unlisted notice of the terminal is a warning, any other unlisted code unknown', () => {
  expect(codeRow(2142).errorClass).toBe('warning');
  expect(codeRow(2170).errorClass).toBe('unknown');
  expect(codeRow(777).errorClass).toBe('unknown');
});

const STATUS: StatusFacts = {
  brokerStatus: 'Submitted',
  whyHeld: '',
  filledQuantity: '0',
  rejectingCode: false,
};

test.each([
  [{ brokerStatus: 'PendingSubmit' }, 'PENDING'],
  [{ brokerStatus: 'PreSubmitted', whyHeld: 'child,trigger' }, 'HELD'],
  [{ brokerStatus: 'PreSubmitted', whyHeld: 'locate' }, 'HELD'],
  [{ brokerStatus: 'PreSubmitted', whyHeld: 'trigger' }, 'ACCEPTED'],
  [{ brokerStatus: 'PreSubmitted', filledQuantity: '3' }, 'PARTIAL'],
  [{}, 'ACCEPTED'],
  [{ filledQuantity: '0.5' }, 'PARTIAL'],
  [{ brokerStatus: 'PendingCancel', filledQuantity: '3' }, 'CANCEL_PENDING'],
  [{ brokerStatus: 'Cancelled', filledQuantity: '3' }, 'CANCELLED'],
  [{ brokerStatus: 'ApiCancelled' }, 'CANCELLED'],
  [{ brokerStatus: 'Cancelled', rejectingCode: true }, 'REJECTED'],
  [{ brokerStatus: 'Filled', filledQuantity: '10' }, 'EXECUTED'],
  [{ brokerStatus: 'Inactive' }, 'HELD'],
  [{ brokerStatus: 'Inactive', whyHeld: 'locate' }, 'HELD'],
  [{ brokerStatus: 'Inactive', rejectingCode: true }, 'REJECTED'],
  [{ brokerStatus: 'ValidationError' }, 'UNKNOWN'],
] as const)('[BRK-4] status %j is %s', (changes, status) => {
  expect(orderStatusFrom({ ...STATUS, ...changes })).toBe(status);
  expect(ORDER_STATUSES).toContain(status);
});
