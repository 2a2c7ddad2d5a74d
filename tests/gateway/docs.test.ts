import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { updateGatewayPage } from '../../gateway/document.js';
import { Ledger } from '../../gateway/ledger/ledger.js';
import { ledgerReport } from '../../gateway/ledger/report.js';

const page = readFileSync(new URL('../../docs/gateway.md', import.meta.url), 'utf8');

test('[GWY-5] the page shows help and faults as the code has them (scripts/write-reference.mjs)', () => {
  expect(page).toBe(updateGatewayPage(page));
});

test('[GWY-7] the page names every field of the ledger', () => {
  const report = ledgerReport(new Ledger(), 1);
  const fields = [...Object.keys(report), ...Object.keys(report.verdicts)];
  for (const field of fields) expect(page).toContain(`\`${field}`);
});
