/** The rows of an account's trading day, as the clock asks for them. */
import type { DayActivities } from '../contract/activities.js';
import { beginDay } from '../store/account-days.js';
import type { Database } from '../store/database.js';
import { archiveCallbacks, endDay } from '../store/day-summary.js';

export interface DayDeps {
  readonly db: Database;
  /** Callbacks of trades settled longer ago are deleted; 0 keeps all. */
  readonly keepCallbacksDays: number;
  readonly nowMs: () => number;
}

/** Makes the activities of the trades queue. */
export function createDayActivities({ db, keepCallbacksDays, nowMs }: DayDeps): DayActivities {
  return {
    beginDay: (input) => beginDay(db, input, nowMs()),
    endDay: async (input) => {
      const ended = await endDay(db, input, nowMs());
      const archived =
        keepCallbacksDays > 0 ? await archiveCallbacks(db, input, keepCallbacksDays, nowMs()) : 0;
      return { ...ended, archived };
    },
  };
}
