/** The HTTP API as a way in. */
import { call, type AnyBody, type Call, type ServedApi } from '../api/support.js';
import {
  DONE,
  previewed,
  refused,
  unpreviewed,
  type FullSurface,
  type Said,
  type ShownPreview,
  type Wanted,
} from './surface.js';

/** The strategy of MCP: a preview of it is compared with one of a model's. */
export const STRATEGY = 'mcp';

export interface HttpSurface extends FullSurface {
  readonly name: 'http';
  /** Any request; what is not refused is `done`. */
  ask(path: string, given?: Call): Promise<Said>;
}

interface Body extends AnyBody {
  readonly is_new?: boolean;
  readonly preview?: ShownPreview;
  readonly state?: string;
}

/** @param bearer whose rows it sees */
export function httpSurface(api: ServedApi, bearer: string): HttpSurface {
  const made = (path: string, given: Call = {}) =>
    call<Body>(api, path, { token: bearer, ...given });
  const ask = async (path: string, given?: Call) => saidOf(await made(path, given));
  const post = (path: string, body: unknown = {}, headers: Record<string, string> = {}) =>
    ask(path, { method: 'POST', body, headers });
  const of = (id: string) => `/api/v1/trades/${id}`;
  return {
    ...{ name: 'http', ask },
    preview: async (wanted: Wanted) => {
      const body = { strategy_id: STRATEGY, ...wanted };
      const answer = await made('/api/v1/previews', { method: 'POST', body });
      const isMade = answer.status === 201;
      return isMade
        ? previewed(answer.body as unknown as ShownPreview)
        : unpreviewed(saidOf(answer));
    },
    execute: (id) => post(`/api/v1/previews/${id}/execute`),
    cancel: ({ tradeId }) => post(`${of(tradeId)}/cancel`),
    trade: async (id) => {
      const answer = await made(of(id));
      return { ...saidOf(answer), state: answer.body.state ?? null };
    },
    signal: (body) => post('/api/v1/signals', body),
    close: (id, key) => post(`${of(id)}/close`, {}, key ? { 'idempotency-key': key } : {}),
    moveStop: (id, price) => ask(of(id), { method: 'PATCH', body: { stop_price: price } }),
    approve: ({ signalId }) => post(`/api/v1/signals/${signalId}/approve`, { reason: 'seen' }),
    reject: ({ signalId }) => post(`/api/v1/signals/${signalId}/reject`, { reason: 'seen' }),
    requireApproval: (strategy) =>
      ask(`/api/v1/strategies/${strategy}/approval`, {
        ...{ method: 'PUT', body: { approval: 'required' } },
      }),
    pause: (strategy) => post(`/api/v1/strategies/${strategy}/pause`),
    resumeStrategy: (strategy) => post(`/api/v1/strategies/${strategy}/resume`),
    setMode: (name, mode) => post('/api/v1/modes', { kind: 'account', name, mode }),
    halt: (reason) => post('/api/v1/halt', { reason }),
    resume: () => post('/api/v1/resume'),
    flatten: () => post('/api/v1/flatten', { confirm: true }),
  };
}

function saidOf({ status, body }: { readonly status: number; readonly body: Body }): Said {
  const { code = null, detail = null, trade_id: tradeId = null, is_new: isNew = null } = body;
  if (status < 400) return { ...DONE, tradeId, isNew };
  const paths = (body.errors ?? []).map(({ path }) => path.replace(/^(body|header|path)\./, ''));
  const said = { ...refused(code ?? String(status), detail, paths), tradeId };
  if (code !== 'PREVIEW_CHANGED') return said;
  return { ...said, outcome: 'changed', previewId: body.preview!.preview_id };
}
