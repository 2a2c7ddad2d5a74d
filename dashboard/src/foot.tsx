/** What is seldom wanted: the colours, who is logged in, and the way out. */
import { useState } from 'react';
import { logOut } from './api/session.js';
import { chooseTheme, themeNow, useApp, type Theme } from './app-state.js';
import { When } from './parts/figures.js';

export function Foot() {
  const { session } = useApp();
  const [theme, setTheme] = useState(themeNow);
  const choose = (next: Theme) => {
    setTheme(next);
    chooseTheme(next);
  };
  return (
    <footer className="foot small muted">
      <span>
        {session.user} · {session.scopes.join(', ')} · until <When at={session.expires_at} />
      </span>
      <label className="row-tight">
        Colours
        <select
          className="select select-quiet small"
          value={theme}
          onChange={({ target }) => choose(target.value as Theme)}
        >
          <option value="auto">as the system</option>
          <option value="light">light</option>
          <option value="dark">dark</option>
        </select>
      </label>
      <a href="/docs" target="_blank" rel="noreferrer">
        HTTP API
      </a>
      <button
        type="button"
        className="button button-quiet button-small"
        onClick={() => void logOut().finally(() => window.location.reload())}
      >
        Log out
      </button>
    </footer>
  );
}
