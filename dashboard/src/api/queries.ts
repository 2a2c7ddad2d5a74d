/** What screens read, each by its key: what an event makes stale is asked for again. */
import { QueryClient, queryOptions } from '@tanstack/react-query';
import { answer, http, withinMs } from './client.js';
import { RefusedError } from './problem.js';
import type { TradeQuery } from './types.js';

/** Prices move without an event: what stands now is read again this often. */
export const NOW_EVERY_MS = 2_000;
/** What changes by events, and is looked at now and then all the same. */
const SLOWLY_MS = 15_000;
const HEALTH_EVERY_MS = 4_000;
/** What nobody looks at is forgotten. */
const KEPT_MS = 10 * 60_000;

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      ...{ gcTime: KEPT_MS, staleTime: 1_000, refetchOnWindowFocus: true },
      // An error is shown at once, with what was known before; the next look comes by the interval.
      retry: false,
      networkMode: 'always',
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});

/** Looks go on while something is wrong, but for a session that is over. */
function every(ms: number) {
  return ({ state }: { state: { error: unknown } }) => {
    if (state.error instanceof RefusedError && state.error.isLoggedOut) return false as const;
    return state.error === null ? ms : Math.min(ms, 1_000);
  };
}

export const nowQuery = queryOptions({
  queryKey: ['now'],
  queryFn: () => answer(http.GET('/api/v1/now', withinMs())),
  refetchInterval: every(NOW_EVERY_MS),
  refetchIntervalInBackground: true,
});

export const healthQuery = queryOptions({
  queryKey: ['health'],
  // Also 503 says what is up.
  queryFn: async () => {
    const asked = http.GET('/health', withinMs());
    const { data, error } = await asked.catch(() => ({ data: undefined, error: undefined }));
    const found = data ?? error;
    if (found && 'parts' in found) return found;
    throw new RefusedError(503, { detail: 'the HTTP API does not answer' });
  },
  refetchInterval: every(HEALTH_EVERY_MS),
});

export const equityQuery = (account: string | null) =>
  queryOptions({
    queryKey: ['equity', account],
    queryFn: () => {
      const query = { limit: 200, ...(account !== null && { account_id: account }) };
      return answer(http.GET('/api/v1/equity', { params: { query }, ...withinMs() }));
    },
    refetchInterval: every(60_000),
  });

export const tradeQuery = (id: string) =>
  queryOptions({
    queryKey: ['trade', id],
    queryFn: () => {
      const params = { path: { id } };
      return answer(http.GET('/api/v1/trades/{id}', { params, ...withinMs() }));
    },
    refetchInterval: every(SLOWLY_MS),
  });

export const barsQuery = (id: string) =>
  queryOptions({
    queryKey: ['bars', id],
    queryFn: () => {
      const params = { path: { id } };
      return answer(http.GET('/api/v1/trades/{id}/bars', { params, ...withinMs() }));
    },
    refetchInterval: every(5_000),
  });

/** One page of trades. */
export function readTrades(query: TradeQuery) {
  return answer(http.GET('/api/v1/trades', { params: { query }, ...withinMs() }));
}

/** Those of one strategy that are not over; the first page of them. */
export const liveTradesQuery = (strategy: string) =>
  queryOptions({
    queryKey: ['trades', 'live', strategy],
    queryFn: () => readTrades({ strategy_id: strategy, status: 'live', limit: 200 }),
    refetchInterval: every(NOW_EVERY_MS),
  });

export const approvalsQuery = queryOptions({
  queryKey: ['approvals'],
  queryFn: () => answer(http.GET('/api/v1/approvals', withinMs())),
  refetchInterval: every(5_000),
});

export const strategiesQuery = queryOptions({
  queryKey: ['strategies'],
  queryFn: () => answer(http.GET('/api/v1/strategies', withinMs())),
  refetchInterval: every(SLOWLY_MS),
});

export const limitsQuery = queryOptions({
  queryKey: ['limits'],
  queryFn: () => answer(http.GET('/api/v1/limits', withinMs())),
  refetchInterval: every(SLOWLY_MS),
});

export const reconciliationsQuery = queryOptions({
  queryKey: ['reconciliations'],
  queryFn: () => {
    const query = { limit: 50 };
    return answer(http.GET('/api/v1/reconciliations', { params: { query }, ...withinMs() }));
  },
  refetchInterval: every(SLOWLY_MS),
});

export const notificationsQuery = (undelivered: boolean) =>
  queryOptions({
    queryKey: ['notifications', undelivered],
    queryFn: () => {
      const query = { limit: 100, ...(undelivered && { undelivered: 'true' as const }) };
      return answer(http.GET('/api/v1/notifications', { params: { query }, ...withinMs() }));
    },
    refetchInterval: every(SLOWLY_MS),
  });

export const channelsQuery = queryOptions({
  queryKey: ['channels'],
  queryFn: () => answer(http.GET('/api/v1/notifications/channels', withinMs())),
  refetchInterval: every(SLOWLY_MS),
});

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: () => answer(http.GET('/api/v1/sessions', withinMs())),
  refetchInterval: every(SLOWLY_MS),
});

export const auditQuery = queryOptions({
  queryKey: ['audit'],
  queryFn: () => {
    const query = { limit: 50 };
    return answer(http.GET('/api/v1/audit', { params: { query }, ...withinMs() }));
  },
  refetchInterval: every(SLOWLY_MS),
});
