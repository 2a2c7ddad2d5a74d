/** Orders that work beside a position and are of no trade: whoever adopts it would have its shares sold twice. */
import type { Side } from '../../domain/vocabulary.js';
import type { Transaction } from '../database.js';
import { newestFindings } from './newest-run.js';
import { CannotResolveError } from './prepared.js';

export interface Adoptable {
  readonly accountId: string;
  readonly brokerContractId: number;
  readonly symbol: string;
  /** The side that ends the position. */
  readonly exitSide: Side;
}

/**
 * Looks whether nothing ends the position already, by the newest comparison with the broker.
 * @returns the comparison's id, and what it says, for people
 * @throws CannotResolveError naming each order that does; or when there is no fresh comparison, or it names only a part
 */
export async function mustHaveNoExit(
  tx: Transaction,
  { accountId, brokerContractId, symbol, exitSide }: Adoptable,
  nowMs: number,
): Promise<{ readonly runId: string; readonly told: string }> {
  const newest = await newestFindings(tx, accountId, brokerContractId, nowMs);
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
