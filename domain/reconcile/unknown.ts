/** References of this installation without a row: the database is older than the broker (REC-3). */
import type { ExecutionReport, OrderReport } from '../broker/fact.js';
import { isOwnReference } from '../ids.js';
import { hasEnded } from '../orders/table.js';
import type { AccountBooks } from './books.js';
import { EVIDENCE_MAX, finding, type Finding } from './finding.js';
import { termsOf, workingOf } from './working.js';

type Report = OrderReport | ExecutionReport;
type Known = Pick<AccountBooks, 'installationId' | 'knownOrders' | 'seenReferences'>;

/** Whether this installation gave the reference. */
export function isOwn(
  { installationId }: Pick<AccountBooks, 'installationId'>,
  reference: string | null,
): reference is string {
  return reference !== null && isOwnReference(installationId, reference);
}

/** One finding for each, but for those that `unknownOver` counts. */
export function unknownReferences(books: Known, told: readonly Report[]): Finding[] {
  const unknown = unknownOf(books, told);
  const counted = new Set(overAndSeen(books, unknown));
  return [...unknown]
    .filter(([reference]) => !counted.has(reference))
    .map(([reference, reports]) => findingOf(reference, reports));
}

/** How many are over, and were seen by a person who has resumed: nothing is left to be done about them. */
export function unknownOver(books: Known, told: readonly Report[]): number {
  return overAndSeen(books, unknownOf(books, told)).length;
}

function unknownOf(books: Known, told: readonly Report[]): ReadonlyMap<string, readonly Report[]> {
  const known = new Set(books.knownOrders.map(({ clientOrderId }) => clientOrderId));
  const unknown = new Map<string, Report[]>();
  for (const one of told) {
    const { clientOrderId: reference } = one;
    if (isOwn(books, reference) && !known.has(reference))
      unknown.set(reference, [...(unknown.get(reference) ?? []), one]);
  }
  return unknown;
}

/** Of more than a pause names nobody has seen all: then they stay what they were when a person resumed. */
function overAndSeen(
  { seenReferences = new Set() }: Known,
  unknown: ReadonlyMap<string, readonly Report[]>,
): readonly string[] {
  if (unknown.size > EVIDENCE_MAX) return [];
  return [...unknown]
    .filter(([reference, reports]) => seenReferences.has(reference) && !reports.some(isAlive))
    .map(([reference]) => reference);
}

function isAlive(report: Report): boolean {
  return 'brokerStatus' in report && !hasEnded(report.status);
}

function findingOf(reference: string, reports: readonly Report[]): Finding {
  const { symbol } = reports[0]!;
  return finding({
    ...{ kind: 'unknown_reference', subject: reference, symbol, tradeIds: [] },
    ...{ books: null, broker: reference, step: 'ask' },
    ...workingUnder(reports),
    summary: `${symbol ?? ''}: this installation sent ${reference}, and the database does not know it; the broker tells of ${reports.map(toldOf).join(', ')}`,
    why: OLDER,
  });
}

const OLDER =
  'the database is older than the broker, as a restored backup is: nothing opens until a person has looked ("ballast resume"); it is neither changed nor cancelled';

/** An order is told under its reference once; what else is told of it are its executions. */
function workingUnder(reports: readonly Report[]) {
  const orders = reports.filter((report) => 'brokerStatus' in report).map(workingOf);
  return orders.find(({ working }) => working !== null) ?? {};
}

/** What happened under a reference, for people. */
function toldOf(told: Report): string {
  if ('brokerStatus' in told) return `the order ${termsOf(told)}`;
  return `${told.side} ${told.quantity} filled at ${told.price}`;
}
