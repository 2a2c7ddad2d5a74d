/** Progress on the terminal: one line for each step when it is done, and a sign of life before. */

/** After this a step says that it goes on, and then again at the same pace. */
const SIGN_OF_LIFE_MS = 5_000;

/**
 * @typedef {{
 *   step: <T>(title: string, work: (note: (text: string) => void) => Promise<T> | T) => Promise<T>,
 *   line: (text: string) => void,
 * }} Progress
 */

/** @param {number} fromMs @returns {string} such as "1.2 s" */
export function secondsSince(fromMs) {
  return `${((performance.now() - fromMs) / 1000).toFixed(1)} s`;
}

/**
 * @param {{ write?: (text: string) => void, quiet?: boolean }} [options] `quiet` prints only steps
 *   that take long enough to make someone wonder
 * @returns {Progress}
 */
export function createProgress(options = {}) {
  const write = options.write ?? ((text) => void process.stderr.write(text));
  return {
    line: (text) => write(`${text}\n`),
    async step(title, work) {
      const started = performance.now();
      let detail = '';
      let spoke = false;
      const timer = setInterval(() => {
        spoke = true;
        write(`… ${title} goes on (${secondsSince(started)})${detail ? `: ${detail}` : ''}\n`);
      }, SIGN_OF_LIFE_MS);
      try {
        const result = await work((text) => (detail = text));
        if (!options.quiet || spoke) {
          write(`✓ ${title}${detail ? ` — ${detail}` : ''} (${secondsSince(started)})\n`);
        }
        return result;
      } catch (error) {
        write(`✗ ${title} (${secondsSince(started)})\n`);
        throw error;
      } finally {
        clearInterval(timer);
      }
    },
  };
}
