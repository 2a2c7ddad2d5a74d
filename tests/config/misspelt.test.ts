/** [OPS-3] Names that are nearly settings. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { misspeltIn, misspeltText, unknownInFile } from '../../config/misspelt.js';
import { settings } from '../../config/schema.js';

const meantBy = (name: string) => misspeltIn({ [name]: 'x' })[0]?.meant;

test('[OPS-3] a letter wrong, missing, too much or in another place names the setting that was meant', () => {
  expect(meantBy('MAX_POSITON_PCT')).toBe('MAX_POSITION_PCT');
  expect(meantBy('MAX_POSITION_PTC')).toBe('MAX_POSITION_PCT');
  expect(meantBy('MAXPOSITION_PCT')).toBe('MAX_POSITION_PCT');
  expect(meantBy('max_position_pct')).toBe('MAX_POSITION_PCT');
  expect(meantBy('DATABASE_URL_FIEL')).toBe('DATABASE_URL_FILE');
  expect(misspeltText(misspeltIn({ DAILY_LOS_LIMIT: '0.1' })[0]!)).toBe(
    'DAILY_LOS_LIMIT is no setting, and counts for nothing: DAILY_LOSS_LIMIT is one',
  );
});

test('[OPS-3] settings, their files, empty variables and what a shell has of its own are no mistakes', () => {
  const own = ['BROWSER', 'PATH', 'HOME', 'LOGNAME', 'SHELL', 'NODE_ENV', 'BALLAST_URL', 'LANG'];
  const all = [...Object.keys(settings), 'DATABASE_URL_FILE', 'SMTP_URL_FILE', ...own];
  expect(misspeltIn(Object.fromEntries(all.map((name) => [name, 'x'])))).toEqual([]);
  expect(misspeltIn({ MAX_POSITON_PCT: ' ' })).toEqual([]);
});

test('[OPS-3] in a file of settings every unknown name counts, but those of the compose file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-env-'));
  try {
    expect(unknownInFile(folder)).toEqual([]);
    const lines = ['MAX_POSITON_PCT=0.1', 'RISC=0.2', 'GRAFANA_PORT=1', '# NO=1', 'BROKER=ibkr'];
    writeFileSync(join(folder, '.env'), lines.join('\n'));
    writeFileSync(join(folder, 'docker-compose.yml'), 'ports: ["${GRAFANA_PORT:-3000}:3000"]');
    expect(unknownInFile(folder).map(({ name, meant }) => [name, meant])).toEqual([
      ['MAX_POSITON_PCT', 'MAX_POSITION_PCT'],
      ['RISC', null],
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
