/**
 * How far a command has come, by what the rows show of the writes that carry it. A close has no order of its own where
 * an exit can end the position: the target, or the stop, is moved to where it fills at once.
 */
import type { Command, Execution, Incarnation, Order, TradeWhole } from '../../api/types.js';
import { writeStage, type Stage } from './stages.js';
import { isOver } from './state.js';

/** `needless`: nothing had to be written for it, and nothing will be. `follows`: a stop that trails, before its first step. */
export type CommandStage = Stage | 'needless' | 'follows';

export interface Step {
  readonly stage: CommandStage;
  readonly at: string | null;
}

/** What the steps are read from. */
export type Evidence = Pick<
  TradeWhole,
  'orders' | 'executions' | 'commands' | 'timeline' | 'state' | 'filled_quantity' | 'closed_at'
>;

interface Write {
  readonly order: Order;
  readonly write: Incarnation;
}

/** The steps of a command so far: its own row, then the first write that carries it and was not refused. */
export function commandSteps(command: Command, trade: Evidence): Step[] {
  const asked: Step = { stage: 'asked', at: command.created_at };
  if (command.verdict === 'refused') return [asked, { stage: 'refused', at: command.done_at }];
  const writes = carrying(command, trade);
  const carried = writes.find(({ write }) => writeStage(write) !== 'refused') ?? writes[0];
  if (carried === undefined) return [asked, ...unwritten(command, trade)];
  const { order, write } = carried;
  // Claimed, and not written yet: it has not left this system.
  if (writeStage(write) === 'asked') return [asked];
  const sent: Step = { stage: 'sent', at: write.written_at ?? write.sending_at };
  const stage = writeStage(write);
  const fill = fillAfter(carried, trade.executions);
  // What fills at once is never read back: the fill is the broker's word for it.
  if (fill !== null && stage !== 'refused') {
    const at = write.kind === 'place' ? (order.acknowledged_at ?? fill) : fill;
    return [asked, sent, { stage: 'acknowledged', at }];
  }
  if (stage === 'sent') return [asked, sent];
  const at = write.kind === 'place' ? order.acknowledged_at : null;
  return [asked, sent, { stage, at }];
}

/** The writes that do what was asked, the oldest first. */
function carrying(command: Command, trade: Evidence): Write[] {
  const since = sinceOf(command, trade.commands);
  return trade.orders
    .flatMap((order) =>
      order.incarnations
        .filter((write, i) => carries(command, trade, { order, write }, order.incarnations[i - 1]))
        .map((write) => ({ order, write })),
    )
    .filter(({ write }) => Date.parse(write.sending_at) >= since)
    .sort((a, b) => a.write.sending_at.localeCompare(b.write.sending_at));
}

/** A close that is asked for again, in another tab, is carried by the writes of the first. */
function sinceOf(command: Command, commands: TradeWhole['commands']): number {
  const same = commands.filter(({ kind, verdict }) => kind === 'close' && verdict === 'accepted');
  const all = command.kind === 'close' ? [command, ...same] : [command];
  return Math.min(...all.map(({ created_at: at }) => Date.parse(at)));
}

function carries(
  { kind }: Command,
  { filled_quantity: filled }: Evidence,
  { order: { role }, write }: Write,
  before: Incarnation | undefined,
): boolean {
  const isExit = role === 'STOP' || role === 'TARGET';
  const isCancelOfEntry = role === 'ENTRY' && write.kind === 'cancel';
  if (kind === 'cancel_entry') return isCancelOfEntry;
  if (kind === 'move_target') return role === 'TARGET' && isMove(write, before);
  if (kind !== 'close') return role === 'STOP' && isMove(write, before);
  if (role === 'CLOSE') return write.kind === 'place';
  // Nothing was bought: the entry's end is all there is to do.
  if (isCancelOfEntry) return filled === '0';
  return isExit && write.kind === 'modify' && isMove(write, before);
}

/** A write that changes the quantity alone, as after a fill, moves nothing. */
function isMove({ kind, terms }: Incarnation, before: Incarnation | undefined): boolean {
  if (kind === 'cancel' || terms === null) return false;
  const was = before?.terms ?? null;
  return (
    was === null || was.limit_price !== terms.limit_price || was.stop_price !== terms.stop_price
  );
}

/** When the broker told of the first fill after the write, of its order; null: of none. */
function fillAfter({ order, write }: Write, executions: readonly Execution[]): string | null {
  if (write.kind === 'cancel') return null;
  const ids = order.incarnations.map(({ broker_order_id: id }) => id);
  const fill = executions.find(
    ({ broker_order_id: id, received_at: at }) =>
      ids.includes(id) && Date.parse(at) >= Date.parse(write.sending_at),
  );
  return fill?.received_at ?? null;
}

/** What is known of a command that no write carries. */
function unwritten(command: Command, trade: Evidence): Step[] {
  const { kind, created_at: at, reason } = command;
  const given = { stop: 'move_stop', target: 'move_target' };
  const refusal = trade.timeline.find(
    (entry) =>
      entry.kind === 'move_refused' && entry.at >= at && given[exitOf(entry.detail)] === kind,
  );
  if (refusal !== undefined) return [{ stage: 'refused', at: refusal.at }];
  if (reason?.endsWith('nothing to do') === true) return [{ stage: 'needless', at: null }];
  if (isOver(trade)) return [{ stage: 'needless', at: trade.closed_at }];
  return kind === 'trail' ? [{ stage: 'follows', at: null }] : [];
}

function exitOf(detail: unknown): 'stop' | 'target' {
  const exit = (detail as { readonly exit?: unknown } | null)?.exit;
  return exit === 'target' ? 'target' : 'stop';
}
