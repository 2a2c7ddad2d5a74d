/** Writes docs/reference/ibkr-error-codes.md from the tables; a test keeps the two equal. */
import { ERROR_CODES } from './error-code-table.js';
import type { CodeScope } from './error-codes.js';
import { STATUS_TABLE } from './status.js';

const SCOPE_TEXT: Record<CodeScope, string> = {
  order: 'the order',
  placing: 'the new order; on a living one, its modification',
  modification: 'the modification',
  cancel: 'the cancel',
  request: 'the data request',
  connection: 'the connection',
};

/** The whole page as Markdown. */
export function renderErrorCodes(): string {
  const codes = [...ERROR_CODES].sort((first, second) => first.code - second.code);
  return [
    '# IBKR error codes and order statuses',
    '',
    'Generated from `broker/ibkr/error-code-table.ts` and `broker/ibkr/status.ts`; do not edit by hand.',
    '',
    '## Error codes',
    '',
    'The class speaks of what the code is about: a rejected cancel or modification leaves the order as',
    'it was. A code outside this table, and outside the notices 2100 to 2169, is `unknown`: a person is',
    'told and nothing else changes.',
    '',
    '| code | class | about | meaning |',
    '| --- | --- | --- | --- |',
    ...codes.map(
      ({ code, errorClass, scope, sentence }) =>
        `| ${code} | ${errorClass} | ${SCOPE_TEXT[scope]} | ${sentence} |`,
    ),
    '',
    '## Order statuses',
    '',
    'Rows of one IBKR status are tried from the top.',
    '',
    '| IBKR | condition | here | meaning |',
    '| --- | --- | --- | --- |',
    ...STATUS_TABLE.map(
      ({ brokerStatus, when, status, meaning }) =>
        `| ${brokerStatus} | ${when} | ${status} | ${meaning} |`,
    ),
    '| anything else | always | UNKNOWN | not a status that IBKR documents |',
    '',
  ].join('\n');
}
