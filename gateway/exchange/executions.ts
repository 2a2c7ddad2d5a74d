/** Today's executions with their commissions, and how they look from outside. */
import type { Decimal } from '../../domain/money.js';
import type { CommissionView, ExecutionView } from './api.js';

export interface ExecutionRecord {
  execution: ExecutionView;
  commission: CommissionView;
  /** False while a late commission report is on its way. */
  reported: boolean;
  /** What the trade did to the position; a correction or bust undoes it by these. */
  closed: Decimal;
  opened: Decimal;
}

/** The part of an execution id that a correction keeps. */
export function executionGroup(execId: string): string {
  return execId.slice(0, execId.lastIndexOf('.'));
}

/** `0000e0d5.00000001.01.01`: state folder, number, and two counters of which the last is the revision. */
export function executionId(stateId: number, sequence: number): string {
  const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');
  return `${hex(stateId)}.${hex(sequence)}.01.01`;
}

/** The id of the next revision: `.01` becomes `.02`. */
export function revisedId(execId: string): string {
  const revision = Number(execId.slice(execId.lastIndexOf('.') + 1)) + 1;
  return `${executionGroup(execId)}.${String(revision).padStart(2, '0')}`;
}
