/** What people read about a trade in the Temporal UI (TRD-9, TRD-16), as Markdown. */
import type { TradeWait } from '../../contract/workflows.js';
import type { Progress } from './progress.js';

/** The trade as it is now. */
export function detailsOf(progress: Progress): string {
  const { snapshot, input, denialCodes } = progress;
  const rows = [
    ['State', snapshot.state],
    ['Step', progress.step],
    ['Waits for', waitText(progress.wait)],
    ['Needs', waitText(snapshot.wait ?? null)],
    ['Held', `${snapshot.heldQuantity} ${input.symbol}`],
    ['Average entry', snapshot.averageEntry],
    ['Stop', snapshot.stopPrice],
    ['Target', snapshot.targetPrice],
    ['Protected', snapshot.isProtected ? 'yes' : 'no'],
    ['Exit', snapshot.exitReason],
    ['Denied', denialCodes.length > 0 ? denialCodes.join(', ') : null],
    ['Problem', snapshot.failure],
  ].filter(([, value]) => value !== null);
  const table = rows.map(([name, value]) => `| ${name} | ${value} |`).join('\n');
  return `**${progress.summary}**\n\n| | |\n| --- | --- |\n${table}`;
}

/** `a fill, until 2026-04-06T16:00:00.000Z, then settle`. */
function waitText(wait: TradeWait | null): string | null {
  if (wait === null) return null;
  const until = wait.untilMs === null ? '' : `, until ${new Date(wait.untilMs).toISOString()}`;
  return `${wait.what}${until}, then ${wait.then}`;
}
