/** An account in another currency than its contracts, as the paper gateway tells it over the socket. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { startGateway } from '../support/gateway.js';
import { clientOf, ready } from './support/harness.js';

const BUSY_MS = 100;

test('[SIZ-8] [RSK-2] [GWY-2] the rates of its ledger come with its figures, and the moment that those are of', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'ballast-currency-'));
  const flags = ['--account', 'DU1234567', '--paused', '--base', 'EUR=0.92'];
  const gateway = await startGateway({ stateDir, flags });
  const { broker } = await ready(clientOf(gateway.port));
  try {
    expect(await broker.accountSnapshot('DU1234567')).toMatchObject({
      ...{ baseCurrency: 'EUR', netLiquidation: '92000' },
      exchangeRates: { EUR: '1', USD: '0.92' },
    });
    // However long they lie unread: what was bought meanwhile may be missing in them.
    const asked = broker.accountSnapshot('DU1234567');
    const busySinceMs = Date.now();
    while (Date.now() - busySinceMs < BUSY_MS);
    expect((await asked).atMs).toBeLessThanOrEqual(busySinceMs);
  } finally {
    await broker.close();
    await gateway.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }
});
