/** A test file's live link whose failpoints can be armed: made before its tests, ended after them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { enableFailpoints } from '../../../failpoints/failpoint.js';
import { liveLink, type LiveLink } from './live-link.js';

export interface LinkWithPoints {
  readonly live: LiveLink;
  /** The folder that points are armed in. */
  readonly points: string;
}

/** Registers both hooks. What it gives answers in tests, and in the hooks that come after this call. */
export function useLinkWithPoints(env: Record<string, string> = {}): () => LinkWithPoints {
  const points = mkdtempSync(join(tmpdir(), 'ballast-points-'));
  let disable: (() => void) | undefined;
  let live: LiveLink | undefined;
  beforeAll(async () => {
    disable = enableFailpoints(points, 'broker worker');
    live = await liveLink(env);
  }, 60_000);
  afterAll(async () => {
    disable?.();
    rmSync(points, { recursive: true, force: true });
    await live?.close();
  }, 60_000);
  return () => ({ live: live!, points });
}
