/** The overview: what is held, what it is worth, what is taken of the limits, and what needs a person. */
import { useApp } from '../../app-state.js';
import { useSeen } from '../../api/use-now.js';
import { isOfAccount, standingOf } from '../../banner/standing.js';
import { oldValues } from '../../banner/value-age.js';
import { Loading, Trouble } from '../../parts/panel.js';
import { Activity } from './activity.js';
import { EquityPanel } from './equity.js';
import { LimitsPanel } from './limits.js';
import { NeedsPerson } from './needs-person.js';
import { PositionsPanel } from './positions.js';
import { WorkingPanel } from './working.js';

export function Overview() {
  const { account } = useApp();
  const { seen, error } = useSeen();
  if (seen === null) {
    return error === null ? (
      <Loading what="What stands now" />
    ) : (
      <Trouble error={error} doing="What stands now can't be read" />
    );
  }
  const { now } = seen;
  const isIts = isOfAccount(account);
  const { blind } = standingOf(seen, account);
  const old = (id: string) => {
    const its = now.accounts.filter(isOfAccount(id));
    return oldValues(
      seen,
      its.map((each) => each.values_at),
    );
  };
  const entries = now.open.filter((trade) => isIts(trade) && trade.held_quantity === '0');
  return (
    <div className="screen">
      <h1 className="hidden-visually">Overview</h1>
      <div className="two overview">
        <div className="stack overview-held">
          <PositionsPanel now={now} positions={now.positions.filter(isIts)} blind={blind} />
          {entries.length > 0 && <WorkingPanel entries={entries} />}
        </div>
        <div className="stack overview-side">
          <NeedsPerson
            attention={now.attention.filter(
              ({ account_id: id }) => account === null || id === null || id === account,
            )}
            approvals={now.approvals}
          />
          <LimitsPanel exposures={now.exposures.filter(isIts)} old={old} />
          <Activity />
        </div>
        <div className="stack overview-equity">
          <EquityPanel now={now} account={account} old={old} />
        </div>
      </div>
    </div>
  );
}
