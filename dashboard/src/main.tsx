/** The dashboard's beginning: log in, then show. */
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { RefusedError } from './api/problem.js';
import { queries } from './api/queries.js';
import { logIn, readSession, takeCode } from './api/session.js';
import type { Session } from './api/types.js';
import { AppStateProvider, applyTheme } from './app-state.js';
import { Login } from './login.js';
import { router } from './router.js';
import './style/tokens.css';
import './style/base.css';
import './style/layout.css';
import './style/banner.css';
import './style/parts.css';
import './style/tables.css';
import './style/screens.css';
import './style/print.css';

applyTheme();
const firstCode = takeCode();

type Entry =
  | { readonly kind: 'asking' }
  | { readonly kind: 'in'; readonly session: Session }
  | { readonly kind: 'out'; readonly error: unknown };

/** Until somebody answers: a page that is opened while Ballast starts comes up by itself. */
const AGAIN_MS = 1_500;

function App() {
  const [entry, setEntry] = useState<Entry>({ kind: 'asking' });
  const [given, setGiven] = useState({ code: firstCode });
  useEffect(() => {
    // A link that is opened where the page is open already loads nothing anew.
    const take = () => {
      const code = takeCode();
      if (code === null) return;
      queries.clear();
      setEntry({ kind: 'asking' });
      setGiven({ code });
    };
    window.addEventListener('hashchange', take);
    return () => window.removeEventListener('hashchange', take);
  }, []);
  useEffect(() => {
    const { code } = given;
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const enter = async () => {
      const found = await (code === null ? readSession() : logIn(code)).then(
        (session): Entry => ({ kind: 'in', session }),
        (error: unknown): Entry | null => {
          const isAnswer = error instanceof RefusedError && error.status < 500;
          if (!isAnswer) return null;
          return { kind: 'out', error: code === null && error.isLoggedOut ? null : error };
        },
      );
      if (isOver) return;
      if (found === null) timer = setTimeout(() => void enter(), AGAIN_MS);
      else setEntry(found);
    };
    void enter();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [given]);
  useEffect(() => {
    if (entry.kind !== 'in') return;
    // A session ends while the page is open: what it shows would only grow old.
    return queries.getQueryCache().subscribe(({ query }) => {
      const error: unknown = query.state.error;
      if (!(error instanceof RefusedError) || !error.isLoggedOut) return;
      queries.clear();
      setEntry({ kind: 'out', error });
    });
  }, [entry.kind]);
  if (entry.kind === 'asking') return <main className="login muted">Ballast …</main>;
  if (entry.kind === 'out') {
    return <Login error={entry.error} onSession={(session) => setEntry({ kind: 'in', session })} />;
  }
  return (
    <AppStateProvider session={entry.session}>
      <RouterProvider router={router} />
    </AppStateProvider>
  );
}

createRoot(document.getElementById('root')!).render(
  <QueryClientProvider client={queries}>
    <App />
  </QueryClientProvider>,
);
