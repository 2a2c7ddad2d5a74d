/** The frame around every screen: head, places to go, and the screen itself. */
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useEventStream } from './api/events.js';
import { useSeen } from './api/use-now.js';
import { Head } from './banner/head.js';
import { Foot } from './foot.js';

const PLACES = [
  { to: '/', name: 'Overview' },
  { to: '/trades', name: 'Trades' },
  { to: '/approvals', name: 'Approvals' },
  { to: '/preview', name: 'Preview' },
  { to: '/strategies', name: 'Strategies' },
  { to: '/reconciliation', name: 'Reconciliation' },
  { to: '/notifications', name: 'Notifications' },
  { to: '/health', name: 'Health' },
] as const;

export function Frame() {
  useEventStream();
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const isFirst = useRef(true);
  useEffect(() => {
    // Whoever goes by keyboard or hears the page is where the new screen begins.
    if (!isFirst.current) main.current?.focus();
    isFirst.current = false;
  }, [path]);
  return (
    <div className="frame">
      <a className="hidden-visually skip" href="#main">
        To the content
      </a>
      <Head />
      <Places />
      <div className="content">
        <main id="main" className="main" ref={main} tabIndex={-1}>
          <Outlet />
        </main>
        <Foot />
      </div>
    </div>
  );
}

function Places() {
  const { seen } = useSeen();
  const counts: Partial<Record<(typeof PLACES)[number]['to'], number>> = {
    '/': seen?.now.attention.length,
    '/approvals': seen?.now.approvals,
  };
  return (
    <nav className="nav" aria-label="Screens">
      <ul>
        {PLACES.map(({ to, name }) => (
          <li key={to}>
            <Link to={to} activeOptions={{ exact: to === '/' }}>
              {name}
              {(counts[to] ?? 0) > 0 && (
                <span className="nav-count" title="waiting for a person">
                  {counts[to]}
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
