/**
 * Writes groups: one request for each message, one after the other, each answered before the next begins. What
 * comes of a message is told as events: the order that was taken, or the refusal. Where nobody tells,
 * nothing is told, the generation ends, and what of the group was not begun is never sent.
 */
import type { WireGroup, WireMessage } from '../../domain/broker/group.js';
import { messagesIn } from '../../domain/broker/group.js';
import { decimal, text, ZERO } from '../../domain/money.js';
import { failpointSync } from '../../failpoints/failpoint.js';
import { kindOf } from '../group-kind.js';
import { NotSentError } from '../port.js';
import type { BrokerEvent, OrderError, OrderToSend, SendReceipt } from '../port.js';
import type { HeldSlot } from '../slots.js';
import type { Api } from './api.js';
import type { Connection } from './connection.js';
import { encodePlace, encodeReplace, invalid } from './encode.js';
import { failureRow, SnapTradeFailure } from './failures.js';
import type { Leg, Legs } from './legs.js';
import type { Settings } from './options.js';
import { filledOf } from './reports.js';
import type { Teller } from './teller.js';

/** A request that was throttled is sent again so often: nothing was done of it. */
const THROTTLED_TRIES = 3;

type About = OrderError['about'];

interface Step {
  /** Null for cancels: they only reduce. */
  readonly account: string | null;
  readonly about: About;
  readonly sessionOrderId: number;
  /** What must be known right before it. */
  readonly prepare?: () => Promise<void>;
  /** Begins the request. */
  readonly send: () => Promise<void>;
  /** Nobody told what became of it, or it was refused. */
  readonly ended: (outcome: 'unknown' | 'refused') => void;
}

export interface WriterParts {
  readonly settings: Settings;
  readonly api: Api;
  readonly legs: Legs;
  readonly teller: Teller;
  readonly connection: Pick<Connection, 'outcomeUnknown' | 'look' | 'heard'>;
  readonly emit: (event: BrokerEvent) => void;
  readonly symbolIdOf: (order: OrderToSend) => string | null;
  /** @throws NotSentError `guard`. */
  readonly assertMayTrade: (account: string) => void;
  /** A write has ended. */
  readonly onEnd: () => void;
}

export class Writer {
  private running: Promise<void> | null = null;
  private begun = 0;

  constructor(private readonly parts: WriterParts) {}

  get isBusy(): boolean {
    return this.running !== null;
  }

  /** How many groups were begun up to now. */
  get writes(): number {
    return this.begun;
  }

  /** Until every write that was begun has ended. */
  async idle(): Promise<void> {
    while (this.running) await this.running;
  }

  /** @throws NotSentError when nothing was written. */
  write(group: WireGroup, { session, messages, tradeId, guard }: HeldSlot): SendReceipt {
    const count = messagesIn(group);
    if (count < 1 || count > messages) invalid(`${count} messages in a turn for ${messages}`);
    const steps = this.stepsOf(group);
    for (const { account } of steps) if (account !== null) this.parts.assertMayTrade(account);
    runGuard(guard);
    session.requireCurrent();
    const [kind, context] = [kindOf(group), { tradeId }];
    failpointSync(`write.${kind}.before`, context);
    this.begun += 1;
    this.running = this.run(steps, () => session.requireCurrent(), guard).finally(() => {
      this.running = null;
      this.parts.onEnd();
    });
    failpointSync(`write.${kind}.after`, context);
    return { writtenAtMs: this.parts.settings.nowMs() };
  }

  private async run(
    steps: readonly Step[],
    requireCurrent: () => void,
    guard: () => void,
  ): Promise<void> {
    const mayGo = () => mayGoOn(requireCurrent, guard);
    for (const [index, step] of steps.entries()) {
      if (index > 0 && !mayGo()) return this.neverSent(steps.slice(index));
      const outcome = await this.carryOut(step, mayGo);
      if (outcome === 'forbidden') return this.neverSent(steps.slice(index));
      if (outcome === 'unknown') return this.neverSent(steps.slice(index + 1));
    }
    this.parts.connection.look();
  }

  /**
   * @param mayGo asked again before each further attempt: a throttled one waits up to a minute, and a halt, the end of its
   *   time or of the link may come meanwhile
   * @returns `forbidden`: nothing of it was done
   */
  private async carryOut(
    step: Step,
    mayGo: () => boolean,
  ): Promise<'known' | 'unknown' | 'forbidden'> {
    for (let attempt = 1; ; attempt += 1) {
      if (attempt > 1 && !mayGo()) return 'forbidden';
      try {
        await step.prepare?.();
        if (step.prepare && !mayGo()) return 'forbidden';
        await step.send();
        this.parts.connection.heard();
        return 'known';
      } catch (error) {
        const failure = asFailure(error);
        const isAgain = failure.kind === 'throttled' && attempt < THROTTLED_TRIES;
        if (!isAgain) return this.failed(step, failure) ? 'known' : 'unknown';
        await pause(this.parts.api.budget.waitMs('protect'));
      }
    }
  }

  /** @returns whether its outcome is known. */
  private failed(step: Step, failure: SnapTradeFailure): boolean {
    const { settings, connection } = this.parts;
    const { kind, status, message } = failure;
    if (kind === 'no_answer' || kind === 'server') {
      step.ended('unknown');
      settings.logger.warn('the outcome of a write is not known', { about: step.about, message });
      connection.outcomeUnknown(failure);
      return false;
    }
    step.ended('refused');
    const row = failureRow(status);
    // Nothing was done. Of the order itself that says something only if the brokerage looked at it.
    const isOrder = kind === 'refused' && status !== 0 && row.isAboutOrder;
    const about = step.about === 'order' && !isOrder ? 'write' : step.about;
    const errorClass = isOrder ? (row.errorClass ?? 'rejection') : 'rejection';
    this.tell(step, { code: status, message, errorClass, about });
    if (kind === 'login' || kind === 'not_sent') connection.outcomeUnknown(failure);
    return true;
  }

  private neverSent(steps: readonly Step[]): void {
    for (const step of steps) {
      step.ended('refused');
      const message = 'never sent: the link broke, or its guard refused it, before its turn came';
      const about = step.about === 'order' ? 'write' : step.about;
      this.tell(step, { code: 0, message, errorClass: 'rejection', about });
    }
  }

  private tell(
    { sessionOrderId }: Step,
    error: Omit<OrderError, 'clientOrderId' | 'sessionOrderId'>,
  ): void {
    const { emit, legs, settings } = this.parts;
    const clientOrderId = legs.ofSession(sessionOrderId)?.clientOrderId ?? null;
    const receivedAtMs = settings.nowMs();
    emit({ kind: 'order_error', error: { ...error, clientOrderId, sessionOrderId }, receivedAtMs });
  }

  private stepsOf({ cancelsFirst, bracket, messages }: WireGroup): Step[] {
    if (bracket !== null && bracket.exits.length > 0) {
      invalid('SnapTrade has no brackets: an entry goes alone, its stop right after the fill');
    }
    return [
      ...cancelsFirst.map((sessionOrderId) => this.cancel(sessionOrderId)),
      ...(bracket === null ? [] : [this.place(bracket.entry)]),
      ...messages.map((message) => this.stepOf(message)),
    ];
  }

  private stepOf(message: WireMessage): Step {
    switch (message.kind) {
      case 'place':
        return this.place(message.order);
      case 'modify':
        return this.modify(message.order);
      case 'cancel':
        return this.cancel(message.sessionOrderId);
    }
  }

  private place(order: OrderToSend): Step {
    const { api, legs, teller, settings, symbolIdOf } = this.parts;
    const form = encodePlace(order, symbolIdOf(order));
    let leg: Leg | null = null;
    return {
      ...{ account: order.account, about: 'order', sessionOrderId: order.sessionOrderId },
      send: async () => {
        const used = legs.ofSession(order.sessionOrderId);
        if (used && (used.clientOrderId !== order.clientOrderId || used.chain.length > 0)) {
          const told = `order id ${order.sessionOrderId} stands for another order already`;
          throw new SnapTradeFailure('refused', 0, told);
        }
        leg = legs.sending(order, order.terms.quantity, settings.nowMs());
        const record = await api.place(form);
        leg.sending!.endedAtMs = settings.nowMs();
        teller.taken(leg, record);
        teller.know(leg, order.account, record);
      },
      ended: (outcome) => end(leg, outcome, settings.nowMs()),
    };
  }

  private modify(order: OrderToSend): Step {
    const { api, legs, teller, settings } = this.parts;
    const filled = () => {
      const leg = legs.ofSession(order.sessionOrderId);
      return [...(leg?.records.values() ?? [])].reduce((all, one) => all.add(filledOf(one)), ZERO);
    };
    encodeReplace(order, 'checked', ZERO);
    let leg: Leg | null = null;
    return {
      ...{ account: order.account, about: 'modification', sessionOrderId: order.sessionOrderId },
      prepare: () => this.lookBefore(order),
      send: async () => {
        const known = legs.newestOf(order.sessionOrderId);
        if (!known || known.leg.hasEnded) notThere(order.sessionOrderId);
        const form = encodeReplace(order, known.brokerageId, filled());
        const units = text(decimal(order.terms.quantity).sub(filled()));
        leg = legs.sending(order, units, settings.nowMs());
        const record = await api.replace(order.account, form);
        leg.sending!.endedAtMs = settings.nowMs();
        teller.taken(leg, record);
        teller.know(leg, order.account, record);
      },
      ended: (outcome) => end(leg, outcome, settings.nowMs()),
    };
  }

  /** What replaces an order stands for the rest of it: what was filled since the last look would be dealt twice. */
  private async lookBefore({ account, sessionOrderId }: OrderToSend): Promise<void> {
    const { api, legs, teller } = this.parts;
    const known = legs.newestOf(sessionOrderId);
    if (!known || known.leg.hasEnded) return;
    const record = await api.order(account, known.brokerageId, 'protect').catch(notWritten);
    teller.know(known.leg, account, record);
  }

  private cancel(sessionOrderId: number): Step {
    const { api, legs } = this.parts;
    return {
      ...{ account: null, about: 'cancel', sessionOrderId },
      send: async () => {
        const known = legs.newestOf(sessionOrderId);
        if (!known) notThere(sessionOrderId);
        await api.cancel(known.leg.account, known.brokerageId);
      },
      ended: () => undefined,
    };
  }
}

/** The question before a write failed: of the write nothing was done, whatever became of the question. */
function notWritten(error: unknown): never {
  const failure = asFailure(error);
  const { kind, status, message } = failure;
  if (kind !== 'no_answer' && kind !== 'server') throw failure;
  throw new SnapTradeFailure('not_sent', status, `not replaced: ${message}`);
}

/** Nothing is asked of SnapTrade for an order that it never named. */
function notThere(sessionOrderId: number): never {
  throw new SnapTradeFailure(
    'refused',
    404,
    `no order of the broker is known for ${sessionOrderId}`,
  );
}

function end(leg: Leg | null, outcome: 'unknown' | 'refused', nowMs: number): void {
  if (!leg?.sending) return;
  leg.sending.endedAtMs = nowMs;
  leg.sending.outcome = outcome;
}

function mayGoOn(requireCurrent: () => void, guard: () => void): boolean {
  try {
    requireCurrent();
    guard();
    return true;
  } catch {
    return false;
  }
}

function asFailure(error: unknown): SnapTradeFailure {
  if (error instanceof SnapTradeFailure) return error;
  const told = error instanceof Error ? error.message : String(error);
  return error instanceof NotSentError
    ? new SnapTradeFailure('refused', 400, told)
    : new SnapTradeFailure('server', 0, told);
}

function runGuard(guard: () => void): void {
  try {
    guard();
  } catch (error) {
    if (error instanceof NotSentError) throw error;
    const told = error instanceof Error ? error.message : String(error);
    throw new NotSentError('guard', `not sent: ${told}`);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
