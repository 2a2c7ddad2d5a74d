/** Whether what Temporal has stored of trades that are under way can be opened with the keys that are set (OPS-5). */
import type { Client } from '@temporalio/client';
import type { Config } from '../../config/index.js';
import { parsePayloadKeys } from '../../contract/payload-keys.js';
import { tradeQueue } from '../../contract/workflows.js';
import { note, ok, wrong, type Check } from './check.js';

const NAME = 'encryption';
/** The newest trades: keys are changed for all at once. */
const TRADES_LOOKED_AT = 5;

/** Nothing where nothing is encrypted, and nothing was. */
export async function sealedCheck(client: Client, config: Config): Promise<Check[]> {
  const own = parsePayloadKeys(config.temporalPayloadKeys).map(({ name }) => name);
  const used = await keysInUse(client, config);
  const missing = used.filter((name) => !own.includes(name));
  if (missing.length > 0) {
    const found = `trades under way were sealed with ${missing.join(', ')}, which TEMPORAL_PAYLOAD_KEYS does not name`;
    const remedy =
      'put it back on every process, behind the first key; without it these trades stand still';
    return [wrong(NAME, found, remedy)];
  }
  const [first] = own;
  if (first === undefined) return [];
  const isOld = used.length > 0 && !used.includes(first);
  const found = `new payloads are sealed with ${first}`;
  return isOld
    ? [note(NAME, `${found}; the newest trades with ${used.join(', ')}`, 'keep that key as well')]
    : [ok(NAME, found)];
}

/** Names of the keys that the newest open trades began under. */
async function keysInUse(client: Client, config: Config): Promise<string[]> {
  const { namespace } = client.options;
  const query = `TaskQueue = '${tradeQueue(config.taskQueuePrefix)}' AND ExecutionStatus = 'Running'`;
  const service = client.connection.workflowService;
  const listed = await service.listWorkflowExecutions({
    ...{ namespace, query, pageSize: TRADES_LOOKED_AT },
  });
  const names = await Promise.all(
    (listed.executions ?? []).map(async ({ execution }) => {
      const { history } = await service.getWorkflowExecutionHistory({
        ...{ namespace, execution: execution ?? null, maximumPageSize: 1 },
      });
      const input = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input;
      const key = input?.payloads?.[0]?.metadata?.['encryption-key-id'];
      return key ? [Buffer.from(key).toString('utf8')] : [];
    }),
  );
  return [...new Set(names.flat())];
}
