/**
 * A process that passes failpoints as it is told: `passer.mjs FOLDER`, then one JSON line on standard
 * input for each batch of passes, answered by one line with what happened at each.
 */
import { createInterface } from 'node:readline';
import { enableFailpoints, failpoint, failpointSync } from '../../../dist/failpoints/failpoint.js';

const [folder] = process.argv.slice(2);
if (folder) enableFailpoints(folder, 'trade worker');

async function passOnce({ point, context, sync }) {
  try {
    if (!sync) return await failpoint(point, context);
    failpointSync(point, context, () => process.stderr.write('prepared\n'));
    return null;
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  const startedAtMs = Date.now();
  const happened = [];
  for (let pass = 0; pass < (order.passes ?? 1); pass += 1) happened.push(await passOnce(order));
  const answer = { pid: process.pid, happened, startedAtMs, tookMs: Date.now() - startedAtMs };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
