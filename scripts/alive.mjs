/**
 * node scripts/alive.mjs [URL]: a container's health check. With an address, whether it answers; without one,
 * whether the process of this container has written its sign of life (`BALLAST_ALIVE_FILE`) lately.
 */
import { statSync } from 'node:fs';

/** Four times the pace at which it is written. */
const OLD_MS = 20_000;
const ANSWER_LIMIT_MS = 4_000;

/** @param {string} url @returns {Promise<string | undefined>} what is wrong */
async function asked(url) {
  try {
    const { ok, status } = await fetch(url, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
    return ok ? undefined : `${url} answered ${status}`;
  } catch (error) {
    return `${url} does not answer: ${error instanceof Error ? error.message : error}`;
  }
}

/** @returns {string | undefined} what is wrong */
function lookedAt(/** @type {string | undefined} */ file) {
  if (!file) return 'BALLAST_ALIVE_FILE is not set: name an address, or set it';
  try {
    const ageMs = Date.now() - statSync(file).mtimeMs;
    return ageMs > OLD_MS ? `no sign of life for ${Math.round(ageMs / 1_000)} s` : undefined;
  } catch {
    return `no sign of life yet: there is no ${file}`;
  }
}

const [url] = process.argv.slice(2);
const wrong = url ? await asked(url) : lookedAt(process.env.BALLAST_ALIVE_FILE);
if (wrong) process.stderr.write(`${wrong}\n`);
process.exit(wrong ? 1 : 0);
