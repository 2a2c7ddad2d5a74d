/**
 * Commissions name an execution and no account. The account is that of the execution, never a guess: a
 * commission that comes first waits for it. Every list of executions repeats the day's executions and
 * their commissions: what was told in this session is not told again.
 */
import type { CommissionReport, ExecutionReport } from '../port.js';

type Bare = Omit<CommissionReport, 'account'>;

interface KnownExecution {
  readonly account: string;
  /** The commission as it was told last. */
  told: string | null;
}

interface Held {
  readonly report: Bare;
  readonly timer: NodeJS.Timeout;
}

/** Executions of a busy day; one beyond them finds its account in the database. */
const MAX_EXECUTIONS = 20_000;
/** Commissions follow their executions within moments; more at once means that executions are missing. */
const MAX_HELD = 1_000;
/** Longer than any list of executions takes that would bring the missing one. */
const HELD_MAX_MS = 60_000;

export class Commissions {
  private readonly executions = new Map<string, KnownExecution>();
  private readonly held = new Map<string, Held>();

  constructor(private readonly tell: (report: CommissionReport) => void) {}

  /** Whether this session has not told of the execution yet. */
  isNews({ executionId }: ExecutionReport): boolean {
    return !this.executions.has(executionId);
  }

  /** An execution was told: now the commission is that waited for it. */
  takeExecution({ executionId, account }: ExecutionReport): void {
    if (this.executions.has(executionId)) return;
    this.executions.set(executionId, { account, told: null });
    const oldest = this.executions.keys().next().value;
    if (this.executions.size > MAX_EXECUTIONS && oldest !== undefined)
      this.executions.delete(oldest);
    const waiting = this.letGo(executionId);
    if (waiting) this.take(waiting);
  }

  /** A commission: told at once when its execution is known and it is news. */
  take(report: Bare): void {
    const { executionId } = report;
    const execution = this.executions.get(executionId);
    if (!execution) {
      this.hold(report);
      return;
    }
    const content = JSON.stringify(report);
    if (execution.told === content) return;
    execution.told = content;
    this.tell({ ...report, account: execution.account });
  }

  /** The session is gone: the next one lists the day's executions and commissions again. */
  connectionLost(): void {
    for (const { timer } of this.held.values()) clearTimeout(timer);
    this.held.clear();
    this.executions.clear();
  }

  private hold(report: Bare): void {
    const { executionId } = report;
    this.letGo(executionId);
    const timer = setTimeout(() => this.giveUp(executionId), HELD_MAX_MS).unref();
    this.held.set(executionId, { report, timer });
    const oldest = this.held.keys().next().value;
    if (this.held.size > MAX_HELD && oldest !== undefined) this.giveUp(oldest);
  }

  private giveUp(executionId: string): void {
    const report = this.letGo(executionId);
    if (report) this.tell({ ...report, account: null });
  }

  private letGo(executionId: string): Bare | null {
    const held = this.held.get(executionId);
    if (!held) return null;
    clearTimeout(held.timer);
    this.held.delete(executionId);
    return held.report;
  }
}
