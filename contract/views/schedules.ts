/** The clock's schedules as they are read. */

export interface ScheduleView {
  /** `daily-reset` … */
  readonly job: string;
  readonly account_id: string;
  /** Its id in Temporal. */
  readonly schedule_id: string;
  /** When it is due next; null while it is paused. Holidays are the run's own business. */
  readonly next_at: string | null;
  /** The same on New York's wall clock: `2026-11-23 09:30`. */
  readonly next_at_new_york: string | null;
  readonly is_paused: boolean;
  /** What somebody wrote when they paused it; else what it is for. */
  readonly note: string;
  /** The newest run; null before the first. */
  readonly last: ScheduleRunView | null;
}

export interface ScheduleRunView {
  readonly workflow_id: string;
  readonly due_at: string;
  readonly started_at: string;
  /** `RUNNING`, `COMPLETED`, `FAILED` … in Temporal's words; `GONE` when it is kept no more. */
  readonly status: string;
  /** Of a completed run: the day in New York that it was for (null: of none), and what it did. */
  readonly day: string | null;
  readonly done: boolean | null;
  readonly summary: string | null;
}
