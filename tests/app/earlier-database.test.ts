/** What a restored backup lacks is told until a person has resumed; of what is over only the number is left (REC-3). */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { liftPauses } from '../../app/switches.js';
import type { ExecutionReport } from '../../domain/broker/fact.js';
import { compare } from '../../domain/reconcile/compare.js';
import { pauseOnce } from '../../store/account-pauses.js';
import { recoveryEvidence } from '../../store/reconcile/act.js';
import { accountOf, loadAccountBooks } from '../../store/reconcile/books.js';
import { referenceOf } from '../../store/reference.js';
import { ACCOUNT } from '../store/support/ready-account.js';
import { testApp, type TestApp } from './support.js';
import { pictureOf } from './support-compared.js';

let it: TestApp;
beforeAll(async () => {
  it = await testApp();
}, 60_000);
afterAll(async () => it?.close());
afterEach(async () => {
  await it.db.$executeRaw`DELETE FROM pauses`;
});

const TRADE = '00000000-0000-4000-8000-00000000000';

/** Of a trade of yesterday evening: it was bought, and a restored backup of yesterday noon lacks it. */
function bought(n: number): ExecutionReport {
  return {
    ...{ executionId: `e${n}.01`, executionKey: `e${n}`, correction: 1, brokerOrderId: `${n}` },
    clientOrderId: referenceOf(it.ready.installationId, `${TRADE}${n}`, 'ENTRY', 1),
    ...{ sessionOrderId: n, sessionClientId: 17, account: ACCOUNT, symbol: 'AAA' },
    ...{ brokerContractId: 1, side: 'BUY', quantity: '5', price: '100', executedAtMs: Date.now() },
  };
}

async function look(executions: readonly ExecutionReport[]) {
  const shown = { symbol: 'AAA', brokerContractId: 1, quantity: '0', averageCost: '0' };
  const picture = { ...pictureOf(shown, Date.now()), executions };
  const account = await accountOf(it.db, it.ready.accountId);
  const { findings, compared } = compare(
    await loadAccountBooks(it.db, account, picture, null),
    picture,
  );
  const unknown = findings.filter(({ kind }) => kind === 'unknown_reference');
  return { unknown, over: compared.unknownOver };
}

test('[REC-3] what is over is told until a person resumes, then only counted; what comes beside it is told', async () => {
  const lost = [bought(1), bought(2)];
  const before = await look(lost);
  expect([before.unknown.length, before.over]).toEqual([2, 0]);
  await pauseOnce(it.db, 'reconcile.pause.commit', {
    ...{ accountId: it.ready.accountId, kind: 'recovery', symbol: null, reason: 'lost' },
    evidence: recoveryEvidence(before.unknown),
  });
  expect((await look(lost)).unknown).toHaveLength(2);
  expect(await liftPauses(it.app)).toBe(1);
  expect(await look(lost)).toEqual({ unknown: [], over: 2 });
  const later = await look([...lost, bought(3)]);
  expect([later.unknown.length, later.over]).toEqual([1, 2]);
});
