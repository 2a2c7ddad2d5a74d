/** The trades that a case puts through the stack at once, each in a contract of its own. */
import type { Allowance } from '../disturb/disturbance.js';
import { isOpenAndCalm, isSettled, type TradeRow } from '../judge/engine-books.js';
import type { Finding } from '../judge/finding.js';
import { judgeTrades } from '../judge/judge.js';
import type { Ledger } from '../stack/gateway-control.js';
import type { ChaosStack } from '../stack/stack.js';
import { finish, live, submit, type LivedTrade } from '../traffic/live.js';
import { listed, type Ending, type PlannedTrade } from '../traffic/plan.js';
import { TradeWatch } from '../traffic/watch.js';
import { Story } from './story.js';

/** What makes a trade different from a plain one: 50 shares at the market, no time of its own. */
export interface Role {
  readonly name: string;
  readonly ending: Ending;
  readonly quantity?: number;
  readonly maxHolding?: string;
  /** Its contract, counted from 0; without it, one that no other role has. */
  readonly contract?: number;
}

/** A trade on the stage. */
export interface Actor {
  readonly name: string;
  readonly symbol: string;
  readonly lived: LivedTrade;
  readonly tradeId: string;
  readonly story: Story;
}

const QUANTITY = 50;
/** Proof that an entry is absent takes 20 s, busy machines need twice that; what takes longer is lost. */
const ACT_LIMIT_MS = 60_000;
/** The workers may have to start first, on a busy machine. */
const ANSWER_LIMIT_MS = 30_000;

/** Each scene takes contracts that the one before it didn't have: nothing is known of them yet. */
let contractsUsed = 0;

export class Scene {
  readonly watch: TradeWatch;

  private constructor(
    readonly stack: ChaosStack,
    private readonly planned: ReadonlyMap<string, PlannedTrade>,
    private readonly before: Ledger,
  ) {
    this.watch = new TradeWatch(stack.books);
  }

  /** Tells the referee of the trades; nothing is submitted yet. Call `end` at last. */
  static async set(stack: ChaosStack, title: string, roles: readonly Role[]): Promise<Scene> {
    const symbols = Object.keys(await stack.gateway.prices()).sort();
    const symbolOf = (contract: number) => symbols[(contractsUsed + contract) % symbols.length]!;
    const scene = Date.now().toString(36);
    const planned = roles.map((role, index) => {
      const symbol = symbolOf(role.contract ?? index);
      return [role.name, plannedFor(role, `${title}-${scene}-${role.name}`, symbol)] as const;
    });
    contractsUsed += roles.length;
    const signals = planned.map(([, plan]) => plan);
    await stack.gateway.listSignals(signals.map(listed));
    return new Scene(stack, new Map(planned), await stack.gateway.ledger());
  }

  /** Submits those in these roles (all, when none is named), and waits for nothing. */
  async submit(...names: readonly string[]): Promise<Actor[]> {
    return this.each(names, (plan) => submit(this, plan));
  }

  /** Waits until each is open and calm (or rests, or is over), and its workflow waits for news. */
  async rest(actors: readonly Actor[]): Promise<void> {
    for (const { name, tradeId, story, lived } of actors) {
      const deadlineMs = Date.now() + ACT_LIMIT_MS;
      const isCalm = lived.plan.ending === 'cancel' ? isResting : isOpenAndCalm;
      const isAtRest = (row: TradeRow) => isCalm(row) || isSettled(row);
      const came = await this.watch.until(tradeId, isAtRest, deadlineMs);
      if (came && (await story.quiet(deadlineMs))) continue;
      throw new Error(`${name} did not come to rest: ${this.inWords(tradeId)}`);
    }
  }

  /** Submits all of them, and lives each to its end. */
  async play(): Promise<Actor[]> {
    const actors = await this.each([], (plan) => live(this.life(), plan));
    for (const { name, tradeId } of actors) {
      const row = this.watch.row(tradeId);
      if (!row || !isSettled(row)) {
        throw new Error(`${name} did not come to its end: ${this.inWords(tradeId)}`);
      }
    }
    return actors;
  }

  /** From rest, commands those that are to be closed or cancelled, drives the others, and waits for their ends. */
  async finish(actors: readonly Actor[]): Promise<Finding[]> {
    const findings = await Promise.all(
      actors.map(async (actor): Promise<Finding[]> => {
        const { name, tradeId, lived } = actor;
        await this.rest([actor]);
        const command = COMMANDS[lived.plan.ending];
        const refusal = command ? await this.ask(tradeId, command, 'last') : null;
        if (refusal !== null) return [{ kind: 'unanswered', subject: name, detail: refusal }];
        await finish(this.life(), lived);
        return [];
      }),
    );
    return findings.flat();
  }

  /** The contract of the trade in this role. */
  symbolOf(role: string): string {
    return this.planned.get(role)!.symbol;
  }

  /** Its signal's name, which is its strategy's too. */
  nameOf(role: string): string {
    return this.planned.get(role)!.name;
  }

  /** Gives a command; why it got no answer, or null. */
  async ask(tradeId: string, kind: 'close' | 'cancel_entry', key: string): Promise<string | null> {
    const options = { key, withinMs: ANSWER_LIMIT_MS };
    return this.stack.frontDoor.command(tradeId, kind, options).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
  }

  /** The verdicts, both books, and how each trade ended. */
  async judge(actors: readonly Actor[], allows: Allowance): Promise<readonly Finding[]> {
    const lived = actors.map((actor) => actor.lived);
    return (await judgeTrades(this.stack, lived, this.before, allows)).findings;
  }

  async end(): Promise<void> {
    await this.watch.stop();
  }

  private async each(
    names: readonly string[],
    act: (plan: PlannedTrade) => Promise<LivedTrade>,
  ): Promise<Actor[]> {
    const { frontDoor } = this.stack;
    const chosen = [...this.planned].filter(([role]) => names.length === 0 || names.includes(role));
    return Promise.all(
      chosen.map(async ([, plan]) => {
        const lived = await act(plan);
        const { tradeId } = lived;
        if (tradeId === null) throw new Error(`${plan.name} was not taken`);
        const story = new Story(frontDoor.temporalClient, frontDoor.workflowId(tradeId));
        return { name: plan.name, symbol: plan.symbol, lived, tradeId, story };
      }),
    );
  }

  private life() {
    const { stack, watch } = this;
    return { stack, watch, startedAtMs: Date.now(), deadlineMs: Date.now() + ACT_LIMIT_MS };
  }

  private inWords(tradeId: string): string {
    const row = this.watch.row(tradeId);
    return row
      ? `${row.state}, ${row.heldQuantity} held, ${row.failure ?? 'no failure'}`
      : 'no row';
  }
}

function plannedFor({ ending, quantity, maxHolding }: Role, name: string, symbol: string) {
  const plan: PlannedTrade = {
    ...{ name, symbol, side: 'BUY', ending },
    ...{ quantity: quantity ?? QUANTITY, submitAtMs: 0, holdMs: 0 },
    ...(maxHolding === undefined ? {} : { maxHolding }),
  };
  return plan;
}

/** Plays a case in a scene of its own, and ends the scene. */
export async function inScene(
  stack: ChaosStack,
  title: string,
  roles: readonly Role[],
  play: (scene: Scene) => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  const scene = await Scene.set(stack, title, roles);
  try {
    return await play(scene);
  } finally {
    await scene.end();
  }
}

const COMMANDS: Partial<Record<Ending, 'close' | 'cancel_entry'>> = {
  close: 'close',
  cancel: 'cancel_entry',
};

function isResting(row: TradeRow): boolean {
  return row.state === 'ENTERING' && Number(row.filledQuantity) === 0 && row.reservation !== null;
}
