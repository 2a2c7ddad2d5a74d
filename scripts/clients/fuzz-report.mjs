/** What a run of schemathesis came to: how many requests, and how they were answered. */
import { readFileSync } from 'node:fs';

/** More of them, and it is not one by one that they are refused. */
const NAMED_MAX = 12;

/**
 * @param {string} file its report, one JSON object a line
 * @returns {string} such as "2247 requests: 200 × 812, 400 × 1435; only refused: PATCH /api/v1/trades/{id}"
 */
export function answersIn(file) {
  const byStatus = new Map();
  const done = new Map();
  for (const [label, status] of answered(file)) {
    byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
    done.set(label, (done.get(label) ?? false) || (status >= 200 && status < 300));
  }
  const counts = [...byStatus].sort(([one], [other]) => one - other);
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const told = counts.map(([status, count]) => `${status} × ${count}`).join(', ');
  const never = [...done].filter(([, isDone]) => !isDone).map(([label]) => label);
  const named = never.length > NAMED_MAX ? `${never.length} endpoints` : never.join(', ');
  const refused = never.length === 0 ? '' : `; only refused: ${named}`;
  return `${total} requests to ${done.size} endpoints: ${told}${refused}`;
}

/** @param {string} file @returns {[label: string, status: number][]} */
function answered(file) {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.flatMap((line) => {
    const { recorder } = JSON.parse(line).ScenarioFinished ?? {};
    return Object.values(recorder?.interactions ?? {}).flatMap(({ response }) =>
      response ? [[recorder.label, response.status_code]] : [],
    );
  });
}
