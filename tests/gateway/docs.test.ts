import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { FAULT_MENU } from '../../gateway/fault-menu.js';
import { GATEWAY_HELP } from '../../gateway/flags.js';
import { Ledger } from '../../gateway/ledger/ledger.js';
import { ledgerReport } from '../../gateway/ledger/report.js';

const page = readFileSync(new URL('../../docs/gateway.md', import.meta.url), 'utf8');

const part = (name: string) => page.split(`<!-- ${name} -->`)[1]?.split(`<!-- /${name} -->`)[0];

function faultTable(): string {
  const rows = Object.entries(FAULT_MENU).map(
    ([name, { at, sentence }]) => `| \`${name}\` | ${at} | ${sentence} |`,
  );
  return ['| fault | happens | what |', '| --- | --- | --- |', ...rows].join('\n');
}

test('[GWY-5] the page shows every fault as the menu has it', () => {
  expect(part('faults')?.trim()).toBe(faultTable());
});

test('[GWY-5] the page shows the help as the command prints it', () => {
  expect(part('help')?.trim()).toBe(`\`\`\`\n${GATEWAY_HELP.trim()}\n\`\`\``);
});

test('[GWY-7] the page names every field of the ledger', () => {
  const report = ledgerReport(new Ledger(), 1);
  const fields = [...Object.keys(report), ...Object.keys(report.verdicts)];
  for (const field of fields) expect(page).toContain(`\`${field}`);
});
