/** The head of every screen: the account, New York's time, the halt, and the banner. */
import { Link } from '@tanstack/react-router';
import { useApp } from '../app-state.js';
import { useSeen } from '../api/use-now.js';
import { clock, weekday } from '../format/time.js';
import { Mark } from '../parts/icons.js';
import { useNowMs } from '../parts/ticking.js';
import { Banner } from './banner.js';
import { HaltButton } from './halt-button.js';

export function Head() {
  return (
    <header className="head">
      <div className="head-row">
        <Link to="/" className="brand" aria-label="Ballast, overview">
          <Mark /> <span className="brand-name">Ballast</span>
        </Link>
        <NewYork />
        <div className="head-tools">
          <AccountChoice />
          <HaltButton />
        </div>
      </div>
      <Banner />
    </header>
  );
}

function NewYork() {
  const nowMs = useNowMs();
  return (
    <span className="clock small muted" title="The market’s clock; all times here go by it">
      New York {weekday(nowMs)} <strong>{clock(nowMs)}</strong>
    </span>
  );
}

function AccountChoice() {
  const { account, setAccount } = useApp();
  const { seen } = useSeen();
  const accounts = seen?.now.accounts ?? [];
  if (accounts.length <= 1) {
    return <span className="small">{accounts[0]?.account_id ?? 'no account yet'}</span>;
  }
  return (
    <label>
      <span className="hidden-visually">Account</span>
      <select
        className="select"
        value={account ?? ''}
        onChange={({ target }) => setAccount(target.value === '' ? null : target.value)}
      >
        <option value="">All accounts</option>
        {accounts.map(({ account_id: id }) => (
          <option key={id}>{id}</option>
        ))}
      </select>
    </label>
  );
}
