/** The head of every screen: the account, New York's time, the halt, and the banner. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { chooseTheme, themeNow, useApp, type Theme } from '../app-state.js';
import { logOut } from '../api/session.js';
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
        <Link to="/" className="brand">
          <Mark /> Ballast
        </Link>
        <NewYork />
        <div className="head-tools">
          <AccountChoice />
          <ThemeChoice />
          <button
            type="button"
            className="button button-quiet button-small"
            onClick={() => void logOut().finally(() => window.location.reload())}
          >
            Log out
          </button>
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
    return <span className="small nowrap">{accounts[0]?.account_id ?? 'no account yet'}</span>;
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

function ThemeChoice() {
  const [theme, setTheme] = useState(themeNow);
  const choose = (next: Theme) => {
    setTheme(next);
    chooseTheme(next);
  };
  return (
    <label>
      <span className="hidden-visually">Colours</span>
      <select
        className="select select-quiet small"
        value={theme}
        onChange={({ target }) => choose(target.value as Theme)}
      >
        <option value="auto">Auto</option>
        <option value="light">Light</option>
        <option value="dark">Dark</option>
      </select>
    </label>
  );
}
