/** Plans for a broker that knows neither brackets nor orders that end at a time. */
import { expect, test } from '@jest/globals';
import { CAPABILITIES as IBKR } from '../../../broker/ibkr/capabilities.js';
import { CAPABILITIES as SNAPTRADE } from '../../../broker/snaptrade/capabilities.js';
import { abilitiesOf } from '../../../domain/broker/abilities.js';
import { decidePlan } from '../../../domain/risk/decide.js';
import { bracketLegs } from '../../../domain/trade/bracket.js';
import type { PlanContext } from '../../../domain/risk/context.js';
import { findingCodes } from '../../../domain/risk/finding.js';
import type { ReasonCode } from '../../../domain/reasons.js';
import { limits } from './changes.js';
import { NOON_MS, withPart, withSignal } from './fixture.js';

const ALONE = withPart(
  'account',
  { abilities: abilitiesOf('snaptrade') },
  withSignal({ takeProfit: null }),
);

test.each([
  ['ibkr', IBKR],
  ['snaptrade', SNAPTRADE],
])('[BRK-9] plans for %s ask for what its adapter can do', (broker, capabilities) => {
  const { nativeBrackets, ocaGroups, goodTillDate, orderTypes } = capabilities;
  expect(abilitiesOf(broker)).toMatchObject({
    ...{ brackets: nativeBrackets && ocaGroups, goodTillDate },
    trailingStops: orderTypes.includes('TRAIL'),
  });
});

test('[BRK-9] an entry goes alone, and its stop is planned all the same', () => {
  const decision = decidePlan(ALONE);
  if (decision.verdict !== 'approved') throw new Error(JSON.stringify(decision.findings));
  const { plan } = decision;
  expect(plan).toMatchObject({ stopPrice: '185', entry: { goesAlone: true, timeInForce: 'DAY' } });
  const legs = bracketLegs(plan, 'oca');
  expect(legs.map(({ role, terms }) => [role, terms.ocaGroup])).toStrictEqual([['ENTRY', null]]);
});

test('[BRK-9] [TRD-14] an entry with an end is good for the day, or until cancelled, and its end is kept', () => {
  const expiresAtMs = NOON_MS + 60_000;
  for (const timeInForce of ['DAY', 'GTC'] as const) {
    const limit = { orderType: 'LMT', entryPrice: '190', expiresAtMs, timeInForce } as const;
    const decision = decidePlan(withSignal(limit, ALONE));
    if (decision.verdict !== 'approved') throw new Error(JSON.stringify(decision.findings));
    expect(decision.plan.entry).toMatchObject({ timeInForce, goodTillMs: expiresAtMs });
    const [entry] = bracketLegs(decision.plan, 'oca');
    expect(entry!.terms).toMatchObject({ timeInForce, goodTillMs: null });
  }
});

const LIVE = withPart(
  'account',
  { brokerAccountId: 'U7654321' },
  withPart('broker', { reportedAccounts: ['U7654321'] }),
);

/** Each line: the codes that must be found, all of them and no others. */
const CASES: readonly (readonly [string, PlanContext, readonly ReasonCode[]])[] = [
  ['a stop alone, at a broker without brackets', ALONE, []],
  ['a target there', withSignal({ takeProfit: '200' }, ALONE), ['BROKER_CANNOT']],
  ['a target by percent there', withSignal({ takeProfitPct: '0.1' }, ALONE), ['BROKER_CANNOT']],
  [
    'a target by percent there, and no price to reckon it from',
    { ...withSignal({ takeProfitPct: '0.1' }, ALONE), quote: null },
    ['BROKER_CANNOT', 'NO_QUOTE'],
  ],
  ['a target by default there', limits({ takeProfitPct: '0.1' }, ALONE), ['BROKER_CANNOT']],
  [
    'a trailing stop there',
    withSignal({ stopLoss: null, trailingStop: { amount: '5' } }, ALONE),
    ['BROKER_CANNOT'],
  ],
  [
    'a short there',
    limits({ allowShort: true }, withSignal({ side: 'SELL', stopLoss: '195' }, ALONE)),
    ['BROKER_CANNOT'],
  ],
  ['called a paper account', withPart('broker', { paperAccounts: ['U7654321'] }, LIVE), []],
  [
    'called no paper account, whatever its id',
    withPart('broker', { paperAccounts: [] }),
    ['ACCOUNT_NOT_AUTHORIZED', 'LIVE_NOT_ALLOWED'],
  ],
];

test.each(CASES)('[BRK-9] [RSK-1] [RSK-6] %s', (_name, context, expected) => {
  expect(findingCodes(decidePlan(context).findings)).toStrictEqual(expected);
});
