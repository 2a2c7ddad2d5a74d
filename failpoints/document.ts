/** The part of docs/failpoints.md that follows from the table. */
import { FAILPOINTS, FAILPOINT_NAMES } from './table.js';

const [START, END] = ['<!-- failpoints -->', '<!-- /failpoints -->'];

/** The page with its table as the code has it. @throws Error when the page lacks its place */
export function updateFailpointsPage(page: string): string {
  const [before, after] = [page.indexOf(START), page.indexOf(END)];
  if (before < 0 || after < before) throw new Error(`the page lacks ${START} … ${END}`);
  const rows = FAILPOINT_NAMES.map((name) => {
    const { process, sentence, actions } = FAILPOINTS[name];
    return `| \`${name}\` | ${process} | ${sentence} | ${actions.join(', ')} |`;
  });
  const head = ['| failpoint | process | where it stands | actions |', '| --- | --- | --- | --- |'];
  const table = [...head, ...rows].join('\n');
  return `${page.slice(0, before)}${START}\n\n${table}\n\n${page.slice(after)}`;
}
