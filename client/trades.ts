/** Starting a trade's workflow and talking to it. Ids, names and shapes are the contract's. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  isGrpcServiceError,
  ServiceError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type Client,
} from '@temporalio/client';
import { defineSearchAttributeKey, TypedSearchAttributes } from '@temporalio/common';
import {
  APPROVE_UPDATE,
  COMMAND_UPDATES,
  REJECT_UPDATE,
  SEARCH_ATTRIBUTES,
  TRADE_CHANGED_SIGNAL,
  TRADE_STORY_QUERY,
  TRADE_WORKFLOW,
  tradeIdOf,
  tradeQueue,
  tradeWorkflowId,
  type ApprovalInput,
  type CommandAnswer,
  type CommandInput,
  type CommandKind,
  type TradeInput,
  type TradeSnapshot,
  type TradeStory,
} from '../contract/workflows.js';

const keywords = {
  symbol: defineSearchAttributeKey(SEARCH_ATTRIBUTES.symbol, 'KEYWORD'),
  status: defineSearchAttributeKey(SEARCH_ATTRIBUTES.status, 'KEYWORD'),
  strategy: defineSearchAttributeKey(SEARCH_ATTRIBUTES.strategy, 'KEYWORD'),
  account: defineSearchAttributeKey(SEARCH_ATTRIBUTES.account, 'KEYWORD'),
  side: defineSearchAttributeKey(SEARCH_ATTRIBUTES.side, 'KEYWORD'),
};
const isProtected = defineSearchAttributeKey(SEARCH_ATTRIBUTES.isProtected, 'BOOL');

/** A workflow task that takes longer was lost with its worker; another takes it after this. */
const WORKFLOW_TASK_TIMEOUT = '5 s';
const MINUTE_MS = 60_000;

/**
 * Starts the trade's workflow, or finds it running or finished: both count as started. `again`: one that
 * has ended, in whatever way, is followed by a new one.
 * There is no execution time-out: it would end a trade with an open position.
 * `page`: where the dashboard shows the trade, for the Temporal UI.
 */
export async function startTrade(
  client: Client,
  input: TradeInput,
  summary: string,
  again = input.resumed !== null,
  page?: string,
): Promise<void> {
  try {
    await client.workflow.start(TRADE_WORKFLOW, {
      workflowId: tradeWorkflowId(input.tradeId),
      taskQueue: tradeQueue(input.queuePrefix),
      args: [input],
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      // A story that has ended is not told again, but it may go on (a bust reopens shares).
      workflowIdReusePolicy: again
        ? WorkflowIdReusePolicy.ALLOW_DUPLICATE
        : WorkflowIdReusePolicy.REJECT_DUPLICATE,
      workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
      staticSummary: summary,
      staticDetails: staticDetailsOf(input, summary, page),
      typedSearchAttributes: new TypedSearchAttributes([
        { key: keywords.symbol, value: input.symbol },
        { key: keywords.status, value: 'RECEIVED' },
        { key: keywords.strategy, value: input.strategy },
        { key: keywords.account, value: input.brokerAccountId },
        { key: keywords.side, value: input.side },
        { key: isProtected, value: false },
      ]),
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/** What never changes of a trade, for the Temporal UI, whose list shows nothing but its id. */
function staticDetailsOf(input: TradeInput, summary: string, page?: string): string {
  const { tradeId, side, symbol, strategy, brokerAccountId, expiresAtMs, maxHoldingMs } = input;
  const rows = [
    ['Trade', page === undefined ? tradeId : `[${tradeId}](${page})`],
    ['Entry', `${side} ${symbol}`],
    ['Strategy', strategy],
    ['Account', brokerAccountId],
    ['Expires', expiresAtMs === null ? null : new Date(expiresAtMs).toISOString()],
    ['Held at the most', maxHoldingMs === null ? null : `${maxHoldingMs / MINUTE_MS} minutes`],
  ].filter(([, value]) => value !== null);
  const table = rows.map(([name, value]) => `| ${name} | ${value} |`).join('\n');
  return `**${summary}**\n\n| | |\n| --- | --- |\n${table}`;
}

/** Tells a trade's workflow of its newest snapshot; false when it is not running (any more). */
export async function tellTrade(
  client: Client,
  tradeId: string,
  snapshot: TradeSnapshot,
): Promise<boolean> {
  try {
    await client.workflow
      .getHandle(tradeWorkflowId(tradeId))
      .signal(TRADE_CHANGED_SIGNAL, snapshot);
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

/** Ids of the trades that have a running workflow; seconds old, so ask `isTradeRunning` before acting. */
export async function runningTrades(client: Client): Promise<Set<string>> {
  const query = `WorkflowType = '${TRADE_WORKFLOW}' AND ExecutionStatus = 'Running'`;
  const ids = new Set<string>();
  for await (const { workflowId } of client.workflow.list({ query, pageSize: LIST_PAGE })) {
    const tradeId = tradeIdOf(workflowId);
    if (tradeId !== null) ids.add(tradeId);
  }
  return ids;
}

/** The most that the server gives at once. */
const LIST_PAGE = 1_000;

/** Whether the trade has a workflow at this moment that has not ended: one that a person has paused counts. */
export async function isTradeRunning(client: Client, tradeId: string): Promise<boolean> {
  try {
    const { status } = await client.workflow.getHandle(tradeWorkflowId(tradeId)).describe();
    return status.name === 'RUNNING' || status.name === 'PAUSED';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

/** The number of the newest snapshot that the trade's workflow has seen. Asking leaves no trace in it. */
export async function seenSeq(client: Client, tradeId: string): Promise<number> {
  const handle = client.workflow.getHandle(tradeWorkflowId(tradeId));
  const { snapshot } = await handle.query<TradeStory>(TRADE_STORY_QUERY);
  return snapshot.seq;
}

/** Sends a command and waits for its answer. @throws WorkflowNotFoundError when the trade is over. */
export async function commandTrade(
  client: Client,
  tradeId: string,
  kind: CommandKind,
  input: CommandInput,
): Promise<CommandAnswer> {
  return update(client, tradeId, COMMAND_UPDATES[kind], `${kind}-${input.key}`, input);
}

/** Sends a person's word on a trade that waits for it. @throws WorkflowNotFoundError when the trade is over. */
export async function decideTrade(
  client: Client,
  tradeId: string,
  verdict: 'approved' | 'rejected',
  input: ApprovalInput,
): Promise<CommandAnswer> {
  const name = verdict === 'approved' ? APPROVE_UPDATE : REJECT_UPDATE;
  return update(client, tradeId, name, `${verdict}-${input.key}`, input);
}

/** A task that fails takes along the updates that came with it: the next one takes them within moments. */
const UPDATE_TRIES_MAX = 4;
const UPDATE_AGAIN_MS = 250;

/** The same id is the same update, however often it is sent. */
async function update<Input>(
  client: Client,
  tradeId: string,
  name: string,
  updateId: string,
  input: Input,
): Promise<CommandAnswer> {
  const handle = client.workflow.getHandle(tradeWorkflowId(tradeId));
  for (let tries = 1; ; tries += 1) {
    try {
      return await handle.executeUpdate<CommandAnswer, [Input]>(name, { args: [input], updateId });
    } catch (error) {
      if (!isOfFailedTask(error) || tries >= UPDATE_TRIES_MAX) throw error;
      await sleep(UPDATE_AGAIN_MS * tries);
    }
  }
}

/** The server's word for it is a precondition that did not hold. */
function isOfFailedTask(error: unknown): boolean {
  if (!(error instanceof ServiceError)) return false;
  return isGrpcServiceError(error.cause) && Number(error.cause.code) === FAILED_PRECONDITION;
}
/** As gRPC numbers it. */
const FAILED_PRECONDITION = 9;
