/** Addresses and their screens; what is not looked at first is loaded when it is. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Link,
} from '@tanstack/react-router';
import { Frame } from './frame.js';
import { Empty, Trouble } from './parts/panel.js';
import { filtersIn } from './screens/trades/filters.js';
import { Overview } from './screens/overview/overview.js';

const root = createRootRoute({
  component: Frame,
  notFoundComponent: () => (
    <Empty title="There is no such page">
      <Link to="/">Overview</Link> shows what stands now.
    </Empty>
  ),
  errorComponent: ({ error }) => <Trouble error={error} doing="This screen can't be shown" />,
});

const overview = createRoute({ getParentRoute: () => root, path: '/', component: Overview });

const trades = createRoute({
  getParentRoute: () => root,
  path: '/trades',
  validateSearch: filtersIn,
  component: lazyRouteComponent(() => import('./screens/trades/trades.js'), 'Trades'),
});

const trade = createRoute({
  getParentRoute: () => root,
  path: '/trades/$id',
  component: lazyRouteComponent(() => import('./screens/trade/trade.js'), 'TradePage'),
});

const approvals = createRoute({
  getParentRoute: () => root,
  path: '/approvals',
  component: lazyRouteComponent(() => import('./screens/approvals/approvals.js'), 'Approvals'),
});

const preview = createRoute({
  getParentRoute: () => root,
  path: '/preview',
  component: lazyRouteComponent(() => import('./screens/preview/preview.js'), 'PreviewPage'),
});

const strategies = createRoute({
  getParentRoute: () => root,
  path: '/strategies',
  component: lazyRouteComponent(() => import('./screens/strategies/strategies.js'), 'Strategies'),
});

const reconciliation = createRoute({
  getParentRoute: () => root,
  path: '/reconciliation',
  component: lazyRouteComponent(
    () => import('./screens/reconciliation/reconciliation.js'),
    'Reconciliation',
  ),
});

const notifications = createRoute({
  getParentRoute: () => root,
  path: '/notifications',
  component: lazyRouteComponent(
    () => import('./screens/notifications/notifications.js'),
    'Notifications',
  ),
});

const health = createRoute({
  getParentRoute: () => root,
  path: '/health',
  component: lazyRouteComponent(() => import('./screens/health/health.js'), 'HealthPage'),
});

const tree = root.addChildren([
  overview,
  trades,
  trade,
  approvals,
  preview,
  strategies,
  reconciliation,
  notifications,
  health,
]);

export const router = createRouter({
  routeTree: tree,
  basepath: '/dashboard',
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
