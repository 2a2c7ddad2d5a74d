/**
 * Recovery mode (REC-3): so much is unexplained that nothing may be opened in the account until a person
 * has looked. Protection goes on.
 */
import { decimal, moneyText, sum, type DecimalText } from '../money.js';
import type { Snapshot } from '../broker/snapshot.js';
import type { AccountBooks } from './books.js';
import type { GuardedTrade } from '../trade/guard.js';
import { compare, type Comparison } from './compare.js';
import type { Finding } from './finding.js';

/** More than this part of the positions gone at once is no accident of one symbol. */
const VANISHED_PART = '0.5';

export interface Recovery {
  /** For people: why the account's entries are paused. */
  readonly reason: string;
  /** Nothing is booked as closed then: who lost more than half would book a broker's error. */
  readonly isMassVanish: boolean;
}

/** Σ |difference| × price of what nothing explains; null when a price of it is unknown. */
export function unexplainedValue(findings: readonly Finding[]): DecimalText | null {
  const unexplained = findings.filter(({ isUnexplained }) => isUnexplained);
  if (unexplained.some(({ value }) => value === null)) return null;
  return moneyText(sum(unexplained.map(({ value }) => decimal(value!))));
}

/** Why the account must go into recovery mode; null when it need not. */
export function recoveryOf(
  { compared, findings }: Comparison,
  limit: DecimalText,
): Recovery | null {
  const isMassVanish = vanishedMany(compared.heldContracts, findings);
  const reason = reasonOf(findings, limit, isMassVanish);
  return reason === null ? null : { reason, isMassVanish };
}

/**
 * Whether positions and references alone look like it: a look that takes no time however many trades there
 * are. It knows no orders, so it may say yes where the whole comparison says no, never the other way round.
 */
export function mayNeedRecovery(
  books: Omit<AccountBooks, 'trades' | 'knownExecutions' | 'lateExecutions'>,
  snapshot: Snapshot,
  limit: DecimalText,
): boolean {
  const known = snapshot.executions.map(({ executionId }) => executionId);
  const whole = { ...books, trades: [], lateExecutions: [], knownExecutions: new Set(known) };
  return recoveryOf(compare(whole, snapshot), limit) !== null;
}

/** For people: so many references are unknown to the database. */
export function lostReason(count: number): string {
  return `the broker knows ${count} orders of this installation that the database lacks: is it a restored backup?`;
}

function reasonOf(
  findings: readonly Finding[],
  limit: DecimalText,
  isMassVanish: boolean,
): string | null {
  const unknown = findings.filter(({ kind }) => kind === 'unknown_reference').length;
  if (unknown > 0) return lostReason(unknown);
  if (isMassVanish) return 'more than half of the positions are gone from the broker';
  const value = unexplainedValue(findings);
  if (value === null) return 'shares of unknown price are unexplained';
  if (decimal(value).lte(decimal(limit))) return null;
  return `${value} of positions are unexplained, more than ${limit}`;
}

function vanishedMany(heldContracts: number, findings: readonly Finding[]): boolean {
  const gone = findings.filter(
    ({ kind, isUnexplained, broker }) =>
      kind === 'position_gone' && isUnexplained && broker === '0',
  );
  return heldContracts >= MASS_MIN && isMostOf(gone.length, heldContracts);
}

/** Of a single position nobody can tell most of them from all. */
const MASS_MIN = 2;

/** Whether more than half of the contracts that the account's trades hold are gone from the picture. */
export function isMassVanish(
  trades: readonly GuardedTrade[],
  { positions }: Snapshot,
  account: string,
): boolean {
  const shown = new Set(
    positions
      .filter((row) => row.account === account && !decimal(row.quantity).isZero())
      .map(({ brokerContractId }) => brokerContractId),
  );
  const held = new Set(
    trades
      .filter((trade) => trade.account === account && !decimal(trade.held).isZero())
      .map(({ brokerContractId }) => brokerContractId),
  );
  const gone = [...held].filter((contractId) => contractId === null || !shown.has(contractId));
  return held.size >= MASS_MIN && isMostOf(gone.length, held.size);
}

function isMostOf(part: number, whole: number): boolean {
  return decimal(String(part)).gt(decimal(VANISHED_PART).mul(whole));
}
