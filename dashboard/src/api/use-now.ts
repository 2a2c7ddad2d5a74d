/** What stands now, with its age, for the banner and every screen. */
import { useQuery } from '@tanstack/react-query';
import { useNowMs } from '../parts/ticking.js';
import type { Seen } from '../banner/standing.js';
import { told, UnreachableError } from './problem.js';
import { nowQuery } from './queries.js';

/** Null before the first answer. */
export function useSeen(): { seen: Seen | null; error: unknown } {
  const nowMs = useNowMs();
  const { data, error, dataUpdatedAt } = useQuery(nowQuery);
  if (data === undefined) return { seen: null, error };
  const why = error === null ? null : reasonOf(error);
  return { seen: { now: data, seenAtMs: dataUpdatedAt, nowMs, error: why }, error };
}

function reasonOf(error: unknown): string {
  return error instanceof UnreachableError ? 'the HTTP API does not answer' : told(error);
}
