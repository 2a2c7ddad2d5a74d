/** Why the broker worker's link is not ready, by its own log. */
import { z } from 'zod';

const linkLine = z.object({ msg: z.literal('broker link'), reason: z.string() });

/**
 * The reason of the last line about the link.
 * @param output what the worker has logged: one JSON object a line, and lines of other kinds
 * @returns null when it said nothing of its link, or nothing is wrong with it
 */
export function linkReason(output: string): string | null {
  for (const line of output.split('\n').reverse()) {
    if (!line.includes('"broker link"')) continue;
    const { success, data } = linkLine.safeParse(jsonOf(line));
    if (success) return data.reason === 'ready' ? null : `its link is not ready: ${data.reason}`;
  }
  return null;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null; // cut short: it is being written
  }
}
