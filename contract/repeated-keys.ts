/**
 * Keys that stand more than once in an object of a JSON text. `JSON.parse` takes the last of them and says
 * nothing: of two sides, or two stops, nobody knows which was meant.
 */

/** Of documents that this system reads none is nested deeper: a scan of more costs time and memory. */
const DEPTH_MAX = 1_000;

/** An object or a list that is open where the scan stands. */
interface Open {
  /** Null: a list. */
  readonly keys: Set<string> | null;
  /** The key or the index that is being read. */
  at: string | number;
}

/** Strings whole, and the characters that open, part and close; numbers and words are passed over. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/**
 * Finds them.
 * @param text JSON that `JSON.parse` has taken
 * @returns the path of each, such as `indicators.rsi`, in the order of the text
 * @throws RangeError when it is nested so deep that nobody means it
 */
export function repeatedKeys(text: string): string[] {
  const found: string[] = [];
  const open: Open[] = [];
  let awaitsKey = false;
  for (const [token] of text.matchAll(TOKENS)) {
    const here = open[open.length - 1];
    if (open.length > DEPTH_MAX) throw new RangeError(`nested deeper than ${DEPTH_MAX} levels`);
    if (token === '{') open.push({ keys: new Set(), at: '' });
    else if (token === '[') open.push({ keys: null, at: 0 });
    else if (token === '}' || token === ']') open.pop();
    else if (token === ',' && typeof here?.at === 'number') here.at += 1;
    else if (token.startsWith('"') && awaitsKey && here?.keys) {
      here.at = JSON.parse(token) as string;
      if (here.keys.has(here.at)) found.push(open.map(({ at }) => at).join('.'));
      here.keys.add(here.at);
    }
    awaitsKey = token === '{' || (token === ',' && here?.keys !== null);
  }
  return [...new Set(found)];
}
