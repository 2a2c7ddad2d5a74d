/**
 * Resets a trade's workflow to every workflow task it had. The trade must be afterwards what it was
 * before: what is done is found done, nothing is sent, no task of the workflow fails, and its history
 * replays.
 */
import type { TradeRow } from '../judge/engine-books.js';
import type { Finding, FindingKind } from '../judge/finding.js';
import type { Ledger } from '../stack/gateway-control.js';
import type { Actor, Scene } from './scene.js';
import type { ResetPoint } from './story.js';

/** What it takes to tell the story anew up to where it was; longer, and it is stuck. */
const QUIET_LIMIT_MS = 10_000;
/** After that, the last change of the row is in. */
const SAME_LIMIT_MS = 5_000;

/**
 * One reset after another, beginning with the first task; stops at the first that does harm.
 * @param isOver whether the workflow has ended, and must end again
 */
export async function resetEverywhere(
  scene: Scene,
  actor: Actor,
  isOver: boolean,
): Promise<Finding[]> {
  // A row is settled before its workflow has ended: no task may be missed.
  if (isOver) await actor.story.ended(Date.now() + QUIET_LIMIT_MS);
  const before = await stateOf(scene, actor);
  const points = await actor.story.points();
  if (points.length === 0) return [found('replay', actor, 'its history has no workflow task')];
  for (const point of points) {
    const findings = await resetOnce(scene, actor, { point, before, isOver });
    if (findings.length > 0) return findings;
  }
  return [];
}

interface State {
  readonly row: TradeRow;
  readonly orders: number;
}

interface Reset {
  readonly point: ResetPoint;
  readonly before: State;
  readonly isOver: boolean;
}

async function resetOnce(scene: Scene, actor: Actor, reset: Reset): Promise<Finding[]> {
  const { point, before, isOver } = reset;
  const { story, tradeId } = actor;
  const where = `after a reset to event ${String(point.event.eventId)} of run ${point.runNumber}`;
  await story.reset(point);
  const deadlineMs = Date.now() + QUIET_LIMIT_MS;
  // A timer of seconds that had closed the trade may run once more before it ends again.
  const isQuiet = await (isOver ? story.ended(deadlineMs) : story.quiet(deadlineMs));
  const faults = await story.faults();
  const { isRunning } = await story.current();
  const isSame = (row: TradeRow) => differences(before.row, row).length === 0;
  await scene.watch.until(tradeId, isSame, Date.now() + SAME_LIMIT_MS);
  const after = await stateOf(scene, actor);
  const sent = after.orders - before.orders;
  const changed = differences(before.row, after.row);
  return [
    ...(sent > 0 ? [found('duplicate', actor, `${sent} orders were sent ${where}`)] : []),
    ...(changed.length > 0 ? [found('unlike', actor, `${where}: ${changed.join('; ')}`)] : []),
    ...faults.map((text) => found('replay', actor, `${where}: ${text}`)),
    ...(isQuiet ? [] : [found('lost', actor, `its workflow does not come to rest ${where}`)]),
    ...(isRunning || isOver ? [] : [found('lost', actor, `its workflow has ended ${where}`)]),
  ];
}

async function stateOf({ stack }: Scene, { tradeId, symbol, name }: Actor): Promise<State> {
  const row = (await stack.books.trades([tradeId])).get(tradeId);
  if (!row) throw new Error(`${name} has no row`);
  return { row, orders: ordersIn(await stack.gateway.ledger(), symbol) };
}

function ordersIn({ orders }: Ledger, symbol: string): number {
  return orders.filter((order) => order.symbol === symbol).length;
}

/** What may not change; `failure` is a note for people. */
const LASTING = [
  ...(['state', 'heldQuantity', 'filledQuantity', 'averageEntry', 'stopPrice'] as const),
  ...(['targetPrice', 'isProtected', 'verified', 'needsWork', 'denialCodes'] as const),
  ...(['exitReason', 'realizedPnl', 'closedAtMs'] as const),
];

/** Everything in which two looks at a trade differ, in words. */
export function differences(before: TradeRow, after: TradeRow): string[] {
  const changed = LASTING.filter((key) => String(before[key]) !== String(after[key])).map(
    (key) => `${key} was ${String(before[key])}, is ${String(after[key])}`,
  );
  const [was, is] = [holding(before), holding(after)];
  return was === is ? changed : [...changed, `reservation was ${was}, is ${is}`];
}

/** Cash becomes exposure when the account's next values count it, whenever that is; held is held. */
function holding({ reservation }: TradeRow): string {
  return reservation === 'CASH' || reservation === 'EXPOSURE' ? 'held' : String(reservation);
}

function found(kind: FindingKind, { name }: Actor, detail: string): Finding {
  return { kind, subject: name, detail };
}
