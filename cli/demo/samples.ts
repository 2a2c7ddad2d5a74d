/** The sample signals: files of examples/signals, with an id of this run's own. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/lib/paths.mjs';

export interface Sample {
  /** Path below the checkout. */
  readonly file: string;
  readonly symbol: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** What must become of it: the file's name says when a sample is there to be denied. */
  readonly expected: 'CLOSED' | 'DENIED';
}

const FOLDER = 'examples/signals';
const DENIED_NAME = /-denied-/;

/**
 * Reads the samples in the order of their names.
 * @param run makes each id this run's own, for the same signal twice would be the same trade; and its strategy
 */
export function readSamples(run: string): Sample[] {
  const folder = join(projectRoot(), FOLDER);
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names.sort().map((name) => {
    const body = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, unknown>;
    return {
      file: `${FOLDER}/${name}`,
      symbol: String(body['symbol']),
      body: {
        ...body,
        id: `${String(body['id'])}-${run}`,
        // Each run trades for itself: what earlier starts of a day lost pauses no sample of this one.
        strategy_id: `${String(body['strategy_id'])}-${run}`,
      },
      expected: DENIED_NAME.test(name) ? 'DENIED' : 'CLOSED',
    };
  });
}

/** A limit order's price is only near the market on the day it was written: it is set anew. */
export function withLimit(sample: Sample, limit: string | null): Sample {
  if (sample.body['order_type'] !== 'LMT' || limit === null) return sample;
  return { ...sample, body: { ...sample.body, entry_price: limit } };
}

/** Says which price stands for that of the file; null: the file's own does. */
export function limitText(sample: Sample, { body }: Sample): string | null {
  const [written, sent] = [sample.body['entry_price'], body['entry_price']].map(String);
  if (written === sent) return null;
  return `${sent} in place of the file's ${written}: just above the ask of this market`;
}
