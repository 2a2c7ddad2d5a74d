/** Orders that work beside a position and are of no trade: whoever adopts it would have its shares sold twice. */
import { decimal } from '../../domain/money.js';
import type { Side } from '../../domain/vocabulary.js';
import type { Transaction } from '../database.js';
import { bookedHolding } from '../positions.js';
import { newestFindings, type NewestFindings } from './newest-run.js';
import { CannotResolveError } from './prepared.js';

export interface Adoptable {
  readonly accountId: string;
  readonly brokerContractId: number;
  readonly symbol: string;
  /** The side that ends the position. */
  readonly exitSide: Side;
  /** When the position was changed last: a comparison from before it knows no order that came with it. */
  readonly changedAtMs: number;
}

/**
 * Looks whether nothing ends the position already, by the newest comparison with the broker.
 * @returns the comparison's id, and what it says, for people
 * @throws CannotResolveError naming each order that does; or when there is no fresh comparison, it is older than the
 * position, or it names only a part
 */
export async function mustHaveNoExit(
  tx: Transaction,
  position: Adoptable,
  nowMs: number,
): Promise<{ readonly runId: string; readonly told: string }> {
  const { accountId, brokerContractId, symbol, exitSide } = position;
  const newest = await newestFindings(tx, accountId, brokerContractId, nowMs);
  await mustHaveShown(tx, position, newest);
  const exits = newest.findings.flatMap(({ working }) =>
    working?.side === exitSide ? [working.terms] : [],
  );
  const comparedAt = new Date(newest.pictureAtMs).toISOString();
  if (exits.length === 0 && newest.unnamed > 0) {
    throw new CannotResolveError(
      `the comparison with the broker of ${comparedAt} found ${newest.unnamed} things more than it names, and an order that ends ` +
        `this position of ${symbol} may be one of them: see to what it names, and give "ballast reconcile"`,
    );
  }
  if (exits.length === 0) {
    const told = `no order of anybody else ends it, by the comparison with the broker of ${comparedAt}`;
    return { runId: newest.runId, told };
  }
  throw new CannotResolveError(
    `orders that are no trade's end this position of ${symbol} already: ${exits.join('; ')}; a stop of ours beside them could ` +
      `${exitSide === 'SELL' ? 'sell' : 'buy'} the same shares twice: cancel them in TWS and give "ballast reconcile", or leave the position to them`,
  );
}

/**
 * Whoever opened the position may have given its exits with it. A comparison that counted the shares itself is younger
 * than they are, though the books followed it.
 * @throws CannotResolveError when the comparison knows the position as it was before
 */
async function mustHaveShown(
  tx: Transaction,
  { accountId, brokerContractId, symbol, changedAtMs }: Adoptable,
  { pictureAtMs, findings }: NewestFindings,
): Promise<void> {
  if (pictureAtMs > changedAtMs) return;
  const { quantity } = await bookedHolding(tx, accountId, brokerContractId);
  const isShown = ({ difference, broker }: NewestFindings['findings'][number]) =>
    difference !== null && broker !== null && decimal(broker).eq(quantity);
  if (findings.some(isShown)) return;
  const [changedAt, comparedAt] = [changedAtMs, pictureAtMs].map((ms) =>
    new Date(ms).toISOString(),
  );
  throw new CannotResolveError(
    `the position of ${symbol} was changed at ${changedAt}, after the comparison with the broker of ${comparedAt}: an order ` +
      'that ends it may have come with it; give "ballast reconcile" first',
  );
}
