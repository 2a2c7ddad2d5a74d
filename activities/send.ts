/**
 * The send, step by step (protocol ): a turn to write, the claim committed, the write in one
 * tick, and what became of it. Whoever dies in between leaves a claim that the next one looks up.
 */
import { NotSentError, UnknownOutcomeError, type Slot } from '../broker/port.js';
import type { SendGroup } from '../domain/sending/group.js';
import { notWritten } from '../domain/trade/outcome.js';
import { wireGroupOf } from '../domain/trade/wire.js';
import { changeTrade, type Changed } from '../store/book/change.js';
import { inSpan, inSpanSync, SpanKind } from '../telemetry/spans.js';
import { noteWritten, refsOf, type ClaimOutcome, type SendContext } from '../store/sending.js';
import type { BrokerDeps } from './deps.js';

export type Sent =
  /** Handed to the socket, or may have been: answers come as facts, or never. */
  | { readonly kind: 'written' }
  /** Nothing left this system, and the book says so. */
  | { readonly kind: 'not_written'; readonly reason: string; readonly changed: Changed }
  /** Nothing was claimed. */
  | { readonly kind: 'refused'; readonly reason: string; readonly changed: Changed | null };

export interface SendRequest {
  readonly tradeId: string;
  readonly messages: number;
  readonly priority: 'protect' | 'entry';
  /** No turn by then: nothing is claimed. */
  readonly deadlineMs: number;
  readonly claim: (context: SendContext) => Promise<ClaimOutcome>;
  /** The claim is committed, and the write comes next: from here on an answer may come. */
  readonly onClaimed: () => void;
  /** Called in the tick of the write: throw to stop it. */
  readonly guard: () => void;
}

/** Sends one group. @throws what is neither a refusal to write nor an unknown outcome. */
export async function send(deps: BrokerDeps, request: SendRequest): Promise<Sent> {
  const { tradeId, priority } = request;
  const attributes = { 'ballast.trade_id': tradeId, 'ballast.priority': priority };
  return inSpan({ name: 'broker send', attributes }, async (span) => {
    const begunAtMs = deps.nowMs();
    const sent = await sendInTurn(deps, request);
    span.setAttribute('ballast.outcome', sent.kind);
    deps.sent?.(priority, sent.kind, deps.nowMs() - begunAtMs);
    return sent;
  });
}

async function sendInTurn(deps: BrokerDeps, request: SendRequest): Promise<Sent> {
  const { tradeId, messages, priority, deadlineMs } = request;
  let slot: Slot;
  try {
    slot = await deps.link.port.openSlot({ messages, priority, deadlineMs, tradeId });
  } catch (error) {
    if (!(error instanceof NotSentError)) throw error;
    return { kind: 'refused', reason: error.message, changed: null };
  }
  try {
    return await claimAndWrite(deps, request, slot);
  } finally {
    slot.release();
  }
}

async function claimAndWrite(deps: BrokerDeps, request: SendRequest, slot: Slot): Promise<Sent> {
  const keys: string[] = [];
  const onClaim = (key: string): void => {
    keys.push(key);
    deps.writing.add(key);
  };
  try {
    const claimed = await request.claim(contextOf(deps, slot, onClaim));
    return claimed.kind === 'refused' ? claimed : await write(deps, request, slot, claimed);
  } finally {
    for (const key of keys) deps.writing.delete(key);
  }
}

/** The write, in one tick, of what was just claimed. */
async function write(
  deps: BrokerDeps,
  request: SendRequest,
  slot: Slot,
  { group, changed }: Extract<ClaimOutcome, { kind: 'claimed' }>,
): Promise<Sent> {
  const { tradeId } = request;
  for (const { clientOrderId, legId } of changed.book.legs) {
    deps.commits.learn(clientOrderId, { tradeId, orderRowId: legId });
  }
  try {
    const wire = wireGroupOf(changed.book, group);
    request.onClaimed();
    const { writtenAtMs } = inSpanSync(messageOf(tradeId, group), () =>
      slot.write(wire, request.guard),
    );
    deps.log.info({ tradeId, group: group.key, orders: ordersOf(group) }, 'written to the broker');
    noteWritten(deps.db, group, writtenAtMs).catch((error: unknown) =>
      deps.log.warn({ tradeId, error: String(error) }, 'the time of a write was not stored'),
    );
    return { kind: 'written' };
  } catch (error) {
    deps.log.warn({ tradeId, group: group.key }, String(error));
    if (error instanceof UnknownOutcomeError) return { kind: 'written' };
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: 'not_written', reason, changed: await undo(deps, request, group, reason) };
  }
}

/** The message itself, as a span: the group's key and the references that its orders carry at the broker. */
function messageOf(tradeId: string, group: SendGroup) {
  const { key, messages } = group;
  return {
    name: 'broker message',
    kind: SpanKind.PRODUCER,
    attributes: {
      'ballast.trade_id': tradeId,
      'ballast.group': key,
      'ballast.order_refs': ordersOf(group),
      'ballast.messages': messages.length,
    },
  };
}

/** The references of the orders that it brings or changes. */
function ordersOf({ messages }: SendGroup): string[] {
  return messages.flatMap((each) => (each.kind === 'cancel' ? [] : each.order.clientOrderId));
}

/** This process will not write it later, so this stays true whenever it is committed. */
async function undo(
  deps: BrokerDeps,
  { tradeId }: SendRequest,
  group: SendGroup,
  reason: string,
): Promise<Changed> {
  return changeTrade(deps.db, 'withdraw.commit', tradeId, deps.nowMs(), (book) =>
    notWritten(book, refsOf(group), reason),
  );
}

function contextOf(
  deps: BrokerDeps,
  { generation, nextValidId }: Slot,
  onClaim: (key: string) => void,
): SendContext {
  return {
    onClaim,
    lease: deps.link.lease(),
    generation,
    sessionClientId: deps.link.sessionClientId,
    nextValidId,
    installationId: deps.installationId,
    nowMs: deps.nowMs(),
  };
}
