/** How far something asked for has come at the broker: asked, sent, acknowledged. Nothing is shown a step ahead. */
import type { Command, Incarnation, Order, TradeWhole } from '../../api/types.js';

export type Stage = 'asked' | 'sent' | 'acknowledged' | 'refused' | 'unknown';

export interface Step {
  readonly stage: Stage;
  readonly at: string | null;
}

/** Of one write: what it came to, in words. */
export function writeStage({ outcome, written_at: writtenAt }: Incarnation): Stage {
  if (outcome === 'SHOWN' || outcome === 'ENDED' || outcome === 'VANISHED') return 'acknowledged';
  if (outcome === 'REFUSED' || outcome === 'NOT_WRITTEN' || outcome === 'ABSENT') return 'refused';
  if (outcome === 'UNKNOWN') return 'unknown';
  return writtenAt === null ? 'asked' : 'sent';
}

const ROLE_OF: Readonly<Record<string, Order['role']>> = {
  close: 'CLOSE',
  move_stop: 'STOP',
  trail: 'STOP',
  move_target: 'TARGET',
  cancel_entry: 'ENTRY',
};
const KIND_OF: Readonly<Record<string, Incarnation['kind']>> = {
  close: 'place',
  move_stop: 'modify',
  trail: 'modify',
  move_target: 'modify',
  cancel_entry: 'cancel',
};

/** The steps of a command so far, from the rows: the command's own, then the first write that carries it. */
export function commandSteps(command: Command, orders: TradeWhole['orders']): Step[] {
  const asked: Step = { stage: 'asked', at: command.created_at };
  if (command.verdict === 'refused') return [asked, { stage: 'refused', at: command.done_at }];
  const role = ROLE_OF[command.kind];
  const writes = orders
    .filter((order) => order.role === role)
    .flatMap((order) => order.incarnations.map((write) => ({ order, write })))
    .filter(({ write }) => write.kind === KIND_OF[command.kind])
    .filter(({ write }) => write.sending_at >= command.created_at)
    .sort((a, b) => a.write.sending_at.localeCompare(b.write.sending_at));
  const [first] = writes;
  if (first === undefined) return [asked];
  const { order, write } = first;
  // Claimed, and not written yet: it has not left this system.
  if (writeStage(write) === 'asked') return [asked];
  const sent: Step = { stage: 'sent', at: write.written_at ?? write.sending_at };
  const stage = writeStage(write);
  if (stage === 'sent') return [asked, sent];
  const at = write.kind === 'place' ? order.acknowledged_at : null;
  return [asked, sent, { stage, at }];
}
