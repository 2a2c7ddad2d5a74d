/** Modes, the live guard, approvals and limits. */
import { describe, expect, test } from '@jest/globals';
import { approve } from '../../../domain/risk/approved.js';
import { DEFAULT_LIMITS, resolveLimits, type RiskLimits } from '../../../domain/risk/limits.js';
import { isLive, isPaperAccount, liveGuard } from '../../../domain/risk/live-guard.js';
import {
  blockedBy,
  maySend,
  MESSAGE_KINDS,
  MODE_TABLE,
  mustCancelEntries,
  type Restriction,
  type Switches,
} from '../../../domain/risk/modes.js';

const ALL_ON: Switches = {
  tradingEnabled: true,
  haltFile: false,
  installationMode: 'ACTIVE',
  accountMode: 'ACTIVE',
  strategyMode: 'ACTIVE',
  accountPaused: false,
  strategyPaused: false,
  dailyLossReached: false,
};

describe('[RSK-5] what may be sent', () => {
  test('in every mode and under every restriction all but entries and widened stops may be sent', () => {
    for (const restriction of Object.keys(MODE_TABLE) as Restriction[]) {
      const sent = MESSAGE_KINDS.filter((kind) => maySend(restriction, kind));
      const reducing = ['cancel', 'protective', 'repair', 'close', 'flatten'];
      expect(sent).toStrictEqual(
        restriction === 'ACTIVE' ? ['entry', ...reducing, 'widening'] : reducing,
      );
    }
  });

  test.each<[string, Partial<Switches>, Restriction[], boolean]>([
    ['all on', {}, [], false],
    ['trading off', { tradingEnabled: false }, ['TRADING_OFF'], false],
    ['halt file', { haltFile: true }, ['HALT_FILE'], true],
    ['installation halted', { installationMode: 'HALTED' }, ['HALTED'], true],
    ['account reducing', { accountMode: 'REDUCING' }, ['REDUCING'], true],
    [
      'strategy halted, account reducing',
      { strategyMode: 'HALTED', accountMode: 'REDUCING' },
      ['HALTED', 'REDUCING'],
      true,
    ],
    ['account paused', { accountPaused: true }, ['ACCOUNT_PAUSE'], true],
    ['strategy paused', { strategyPaused: true }, ['STRATEGY_PAUSE'], true],
    ['daily loss', { dailyLossReached: true }, ['DAILY_LOSS'], true],
  ])('%s', (_name, change, restrictions, cancels) => {
    const switches = { ...ALL_ON, ...change };
    expect(blockedBy(switches, 'entry')).toStrictEqual(restrictions);
    expect(blockedBy(switches, 'protective')).toStrictEqual([]);
    expect(mustCancelEntries(switches)).toBe(cancels);
  });
});

describe('[RSK-6] the live guard', () => {
  const paper = {
    account: 'DU1',
    reportedAccounts: ['DU1'],
    port: 4002,
    allowLive: false,
    authorizedAccounts: [],
  };

  test('paper accounts begin with D', () => {
    expect(['DU1', 'DF2', 'U1', 'F2', ''].map(isPaperAccount)).toStrictEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  test('a paper account at a port of no meaning passes', () => {
    expect(liveGuard(paper)).toStrictEqual([]);
    expect(isLive(paper)).toBe(false);
  });

  test.each([7496, 4001])('port %s is live, whatever the account', (port) => {
    const codes = liveGuard({ ...paper, port }).map(({ code }) => code);
    expect(codes).toStrictEqual(['ACCOUNT_NOT_AUTHORIZED', 'LIVE_NOT_ALLOWED']);
    expect(
      liveGuard({ ...paper, port, allowLive: true, authorizedAccounts: ['DU1'] }),
    ).toStrictEqual([]);
  });

  test('what the gateway reports is believed: a live account beside the configured paper one', () => {
    expect(liveGuard({ ...paper, reportedAccounts: ['DU1', 'U9'] })).toHaveLength(2);
    expect(liveGuard({ ...paper, reportedAccounts: ['U9'] })).toHaveLength(3);
  });
});

describe('[RSK-3] approval', () => {
  test('only an approved decision mints the brand', () => {
    const value = { quantity: '1' };
    expect(approve(value, { decisionId: 'd1', verdict: 'approved' })).toBe(value);
    expect(() => approve(value, { decisionId: 'd1', verdict: 'denied' })).toThrow(/d1 was denied/);
  });
});

describe('limits', () => {
  test('later layers win, absent members and unknown names change nothing', () => {
    const layers = [
      { riskPct: '0.02', maxOpenPositions: 3 },
      { riskPct: '0.005', onCap: undefined, nonsense: 1 },
    ];
    const limits = resolveLimits(...(layers as Partial<RiskLimits>[]));
    expect(limits).toStrictEqual({ ...DEFAULT_LIMITS, riskPct: '0.005', maxOpenPositions: 3 });
  });
});
