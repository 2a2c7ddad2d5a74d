/** The MCP server as a way in: the official client over HTTP. */
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { RefusedCall } from '../mcp/support.js';
import {
  DONE,
  previewed,
  refused,
  unpreviewed,
  type Said,
  type ShownPreview,
  type Surface,
  type Wanted,
} from './surface.js';

/** A preview that has to be made anew on a busy machine. */
const ANSWER_WITHIN_MS = 90_000;

/** What the tests look at of what tools give. */
interface Given {
  readonly outcome?: string;
  readonly trade_id?: string | null;
  readonly is_new?: boolean;
  readonly preview?: ShownPreview | null;
  readonly trade?: { readonly state: string };
}

export function mcpSurface(client: Client): Surface {
  const use = async (name: string, args: object): Promise<Said | Given> => {
    const params = { name, arguments: { ...args } };
    const result = await client.callTool(params, undefined, { timeout: ANSWER_WITHIN_MS });
    const { content, isError, structuredContent } = result as CallToolResult;
    if (!isError) return structuredContent as Given;
    const text = content[0]?.type === 'text' ? content[0].text : '';
    const { code, message, issues = [] } = (JSON.parse(text) as { error: RefusedCall }).error;
    return refused(
      code,
      message.untrusted,
      issues.map(({ path }) => path),
    );
  };
  return {
    name: 'mcp',
    preview: async (wanted) => {
      const given = await use('preview_trade', argumentsOf(wanted));
      return isSaid(given) ? unpreviewed(given) : previewed(given.preview!);
    },
    execute: async (previewId) => saidOf(await use('execute_trade', { preview_id: previewId })),
    cancel: async ({ orderId }) => saidOf(await use('cancel_order', { order_id: orderId })),
    trade: async (tradeId) => {
      const given = await use('get_trade', { trade_id: tradeId });
      if (isSaid(given)) return { ...given, state: null };
      return { ...saidOf(given), state: given.trade?.state ?? null };
    },
  };
}

/** As a model has to write it. */
function argumentsOf({ symbol, order_type: type, entry_price: limit, ...rest }: Wanted): object {
  const order_type = type === 'LMT' ? 'Limit' : 'Market';
  return { ...rest, ticker: symbol, order_type, ...(limit && { limit_price: limit }) };
}

function isSaid(given: Said | Given): given is Said {
  return 'paths' in given;
}

function saidOf(given: Said | Given): Said {
  if (isSaid(given)) return given;
  const { outcome, trade_id: tradeId = null, is_new: isNew = null, preview } = given;
  if (outcome !== 'changed') return { ...DONE, tradeId, isNew };
  return { ...DONE, outcome, code: 'PREVIEW_CHANGED', previewId: preview!.preview_id };
}
