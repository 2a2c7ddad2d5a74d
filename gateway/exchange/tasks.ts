/** Things the exchange has promised to do at a time; kept in the journal, so a restart forgets none. */

export type Task =
  | { id: number; dueMs: number; kind: 'commission'; execId: string }
  | { id: number; dueMs: number; kind: 'correction'; execId: string; ticks: number }
  | { id: number; dueMs: number; kind: 'bust'; execId: string }
  | { id: number; dueMs: number; kind: 'values'; account: string; conId: number }
  | { id: number; dueMs: number; kind: 'resume'; symbol: string }
  | { id: number; dueMs: number; kind: 'located'; seq: number };

type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown
  ? Omit<Union, Key>
  : never;

/** A task that has no number yet. */
export type NewTask = DistributiveOmit<Task, 'id'>;
