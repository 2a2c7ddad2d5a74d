/** Whether anything may be opened on an account. */
import { expect, test } from '@jest/globals';
import { standingOf, type AccountStanding } from '../../../domain/risk/standing.js';

type Change = Partial<Omit<AccountStanding, 'switches' | 'guard'>> & {
  readonly switches?: Partial<AccountStanding['switches']>;
  readonly guard?: Partial<AccountStanding['guard']>;
};

const standing = ({ switches, guard, ...rest }: Change = {}): AccountStanding => ({
  ...{ isReadOnly: false, isLinked: true, ...rest },
  switches: {
    ...{ tradingEnabled: true, haltFile: false, accountPaused: false, dailyLossReached: false },
    ...{ installationMode: 'ACTIVE', accountMode: 'ACTIVE', ...switches },
  },
  guard: {
    ...{ account: 'DU1', reportedAccounts: ['DU1'], port: 4002, allowLive: false },
    ...{ authorizedAccounts: [], ...guard },
  },
});

const cases: [string, Change, string[]][] = [
  ['all is well', {}, []],
  ['trading is off', { switches: { tradingEnabled: false } }, ['TRADING_DISABLED']],
  ['a halt file', { switches: { haltFile: true, accountMode: 'HALTED' } }, ['TRADING_HALTED']],
  ['REDUCING', { switches: { installationMode: 'REDUCING' } }, ['REDUCE_ONLY']],
  ['a pause', { switches: { accountPaused: true } }, ['ACCOUNT_PAUSED']],
  ['the loss of the day', { switches: { dailyLossReached: true } }, ['DAILY_LOSS_LIMIT']],
  ['read-only', { isReadOnly: true }, ['READ_ONLY']],
  ['real money', { guard: { port: 4001 } }, ['ACCOUNT_NOT_AUTHORIZED', 'LIVE_NOT_ALLOWED']],
  ['nobody reports it', { guard: { reportedAccounts: ['DU2'] } }, ['ACCOUNT_NOT_AUTHORIZED']],
  [
    'no link, which reports nothing',
    { isLinked: false, guard: { reportedAccounts: [] } },
    ['BROKER_UNAVAILABLE'],
  ],
];
test.each(cases)('[RSK-1] [RSK-6] %s', (_, change, codes) => {
  expect(standingOf(standing(change))).toEqual(codes);
});
