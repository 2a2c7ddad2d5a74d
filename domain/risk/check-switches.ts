/** Checks of switches, permissions and the state of the system itself. */
import type { Check } from './check.js';
import { finding, type Finding } from './finding.js';
import { liveGuard } from './live-guard.js';
import type { Mode } from './modes.js';

const none: readonly Finding[] = [];

export const tradingEnabled: Check = ({ plan }) =>
  plan.installation.tradingEnabled
    ? none
    : [finding('TRADING_DISABLED', 'TRADING_ENABLED is not true', 'TRADING_ENABLED=true')];

export const notHalted: Check = ({ plan }) => {
  const causes = modesThatAre('HALTED', plan);
  if (plan.installation.haltFile) causes.unshift('the halt file exists');
  return causes.length === 0
    ? none
    : [finding('TRADING_HALTED', causes.join(', '), 'ACTIVE, and no halt file')];
};

export const notReducing: Check = ({ plan }) => {
  const causes = modesThatAre('REDUCING', plan);
  return causes.length === 0 ? none : [finding('REDUCE_ONLY', causes.join(', '), 'ACTIVE')];
};

function modesThatAre(
  mode: Mode,
  { installation, account, strategy }: Parameters<Check>[0]['plan'],
): string[] {
  const modes = { installation, account, strategy };
  return Object.entries(modes)
    .filter(([, holder]) => holder.mode === mode)
    .map(([name]) => `${name} is ${mode}`);
}

export const notPaused: Check = ({ plan }) => {
  const pauses = [
    ['ACCOUNT_PAUSED', plan.account.pausedBy],
    ['STRATEGY_PAUSED', plan.strategy.pausedBy],
    ['SYMBOL_QUARANTINED', quarantine(plan.book)],
  ] as const;
  return pauses.flatMap(([code, cause]) =>
    cause === null ? [] : [finding(code, cause, 'no pause in force')],
  );
};

/** Pauses that end by themselves (RSK-4): each says what was measured, and when it holds nothing back any more. */
export const notLocked: Check = ({ plan: { strategy } }) =>
  (strategy.locks ?? []).map(({ cause, untilMs }) => {
    const until = new Date(untilMs).toISOString();
    return finding('STRATEGY_PAUSED', cause, `no pause in force; this one ends at ${until}`);
  });

function quarantine({ quarantinedBy, hasUnknownOrder }: Parameters<Check>[0]['plan']['book']) {
  return quarantinedBy ?? (hasUnknownOrder ? 'an order of unknown fate' : null);
}

export const accountAllowed: Check = ({ plan }) => {
  const { brokerAccountId: named, tradesOn = named } = plan.account;
  if (named !== tradesOn) return [ofAnother(named, tradesOn)];
  return liveGuard({
    account: named,
    reportedAccounts: reportedAccounts(plan),
    ...(plan.broker.paperAccounts && { paperAccounts: plan.broker.paperAccounts }),
    port: plan.broker.port,
    allowLive: plan.installation.allowLive,
    authorizedAccounts: plan.installation.authorizedAccounts,
  });
};

/** When its signal came nobody knew the account that it names, or it was not its user's, and may be known since. */
function ofAnother(named: string, tradesOn: string): Finding {
  const measured = `the trade is on ${tradesOn}`;
  return finding('ACCOUNT_NOT_AUTHORIZED', measured, `${named} known as its user's own`);
}

/** Without a link nothing is reported: that says nothing about the account. */
function reportedAccounts({ account, broker }: Parameters<Check>[0]['plan']): readonly string[] {
  return broker.ready
    ? broker.reportedAccounts
    : [...broker.reportedAccounts, account.brokerAccountId];
}

export const notReadOnly: Check = ({ plan }) =>
  plan.installation.readOnly ? [finding('READ_ONLY', 'read-only', 'a trading connection')] : none;

/** What was left out of the limits that are checked here: nobody knows what was meant to hold. */
export const settingsSound: Check = ({ plan: { settingsProblems = [] } }) =>
  settingsProblems.map((problem) => finding('SETTINGS_INVALID', problem, 'settings as allowed'));

export const brokerReady: Check = ({ plan: { broker } }) => {
  const why = broker.ready ? broker.parked?.reason : broker.reason;
  return why === undefined ? none : [finding('BROKER_UNAVAILABLE', why, 'ready')];
};

export const clockRight: Check = ({ plan }) => {
  const { clockSkewMs } = plan.broker;
  const limitMs = plan.limits.clockSkewMaxMs;
  if (clockSkewMs === null || Math.abs(clockSkewMs) <= limitMs) return none;
  return [finding('CLOCK_SKEW', `${clockSkewMs} ms`, `at most ${limitMs} ms either way`)];
};

/** Its own bracket counts, so that no minute has more orders than the limit says. */
export const ordersNotTooFast: Check = ({ plan, terms }) => {
  const { ordersLastMinute } = plan.book;
  const limit = plan.limits.maxOrdersPerMinute;
  const legs = terms.targetPrice === null ? ENTRY_AND_STOP : ENTRY_AND_STOP + 1;
  if (ordersLastMinute + legs <= limit) return none;
  const measured = `${ordersLastMinute} in the last minute, ${legs} more with these`;
  return [finding('ORDER_RATE', measured, `at most ${limit}`)];
};

const ENTRY_AND_STOP = 2;
