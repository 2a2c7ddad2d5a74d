/** `ballast schedules`: what runs by the clock, when next, and how it ended last (SCH-1). */
import { listSchedules } from '../../app/schedules.js';
import type { ScheduleRunView, ScheduleView } from '../../contract/views.js';
import { EXIT } from '../exit.js';
import { jsonText, table, when } from '../print.js';
import { withApp } from '../stack.js';
import type { Register } from './context.js';

const COLUMNS = [
  'job',
  'account',
  'next (New York)',
  'next (UTC)',
  'last run (UTC)',
  'how it ended',
];

export const registerSchedules: Register = (program, { io, finish }) => {
  program
    .command('schedules')
    .option('--json', 'print as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const schedules = await withApp(io, listSchedules);
      if (json) io.out(jsonText(schedules));
      else if (schedules.length > 0) io.out(table(io, COLUMNS, schedules.map(rowOf)));
      else io.out('no schedules: they are made once a broker worker has reported an account\n');
      finish(EXIT.ok);
    });
};

function rowOf(schedule: ScheduleView): string[] {
  const { job, account_id: account, next_at: next, is_paused: isPaused, note, last } = schedule;
  return [
    job,
    account,
    isPaused ? `paused: ${note}` : (schedule.next_at_new_york ?? ''),
    when(next),
    when(last?.started_at ?? null),
    last === null ? '' : endOf(last),
  ];
}

function endOf({ status, day, summary }: ScheduleRunView): string {
  return summary === null ? status : `${day}: ${summary}`;
}
