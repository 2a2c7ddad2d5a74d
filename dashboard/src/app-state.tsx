/** What all screens share: who is logged in, which account is looked at, and how the page looks. */
import { useQuery } from '@tanstack/react-query';
import { createContext, useContext, useState, type ReactNode } from 'react';
import { nowQuery } from './api/queries.js';
import type { Session } from './api/types.js';

export type Theme = 'auto' | 'light' | 'dark';

interface AppState {
  readonly session: Session;
  /** Null: all of them. */
  readonly account: string | null;
  readonly setAccount: (account: string | null) => void;
}

const Context = createContext<AppState | null>(null);
const ACCOUNT_KEY = 'ballast.account';
const THEME_KEY = 'ballast.theme';

/** The browser may forbid to remember; then nothing is. */
function remembered(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function remember(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Asked again the next time.
  }
}

export function AppStateProvider({
  session,
  children,
}: {
  readonly session: Session;
  readonly children: ReactNode;
}) {
  const [chosen, choose] = useState(() => remembered(ACCOUNT_KEY));
  const { data: known } = useQuery({
    ...nowQuery,
    select: ({ accounts }) => accounts.map(({ account_id: id }) => id),
  });
  // One of another installation at this address, or one that is gone: by it nothing would be held, and all be well.
  const account = chosen !== null && known?.includes(chosen) === false ? null : chosen;
  const setAccount = (next: string | null) => {
    remember(ACCOUNT_KEY, next);
    choose(next);
  };
  return <Context value={{ session, account, setAccount }}>{children}</Context>;
}

export function useApp(): AppState {
  const state = useContext(Context);
  if (state === null) throw new Error('no screen is shown before somebody is logged in');
  return state;
}

/** Whether the session may do that. */
export function useMay(scope: Session['scopes'][number]): boolean {
  return useApp().session.scopes.includes(scope);
}

const darkQuery = window.matchMedia('(prefers-color-scheme: dark)');

export function themeNow(): Theme {
  const stored = remembered(THEME_KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'auto';
}

/** Draws the page as it was chosen, or as the system is. */
export function applyTheme(theme: Theme = themeNow()): void {
  const isDark = theme === 'dark' || (theme === 'auto' && darkQuery.matches);
  document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
  window.dispatchEvent(new Event('themechange'));
}

export function chooseTheme(theme: Theme): void {
  remember(THEME_KEY, theme === 'auto' ? null : theme);
  applyTheme(theme);
}

darkQuery.addEventListener('change', () => applyTheme());
