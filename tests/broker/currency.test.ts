/** An account in another currency than its contracts, as the paper gateway tells it over the socket. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { startGateway } from '../support/gateway.js';
import { clientOf, ready } from './support/harness.js';

test('[SIZ-8] [GWY-2] the rates of its ledger come with its figures', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'ballast-currency-'));
  const flags = ['--account', 'DU1234567', '--paused', '--base', 'EUR=0.92'];
  const gateway = await startGateway({ stateDir, flags });
  const { broker } = await ready(clientOf(gateway.port));
  try {
    expect(await broker.accountSnapshot('DU1234567')).toMatchObject({
      ...{ baseCurrency: 'EUR', netLiquidation: '92000' },
      exchangeRates: { EUR: '1', USD: '0.92' },
    });
  } finally {
    await broker.close();
    await gateway.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }
});
