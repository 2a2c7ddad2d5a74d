/** placeOrder: a new order, the release of a staged family, or the modification of a live order. */
import type { OrderRequest } from './api.js';
import { accept } from './accept.js';
import { invalidRequest } from './codes.js';
import type { CodedError } from './codes.js';
import { tellError } from './core.js';
import type { Core } from './core.js';
import { consumeId, idRefusal, parentOf, rememberRefusal } from './identity.js';
import { modify } from './modify.js';
import { isLive } from './orders.js';
import { familyOf, stage, unstage } from './staging.js';
import { orderKey } from './state.js';
import type { StagedOrder } from './state.js';
import { terminalRefusal } from './terminal.js';
import { isRefused, validate } from './validation.js';

/** A child must name an order of the same client that is staged or live. */
function parentRefusal(core: Core, staged: StagedOrder): CodedError | undefined {
  const { clientId, orderId, request } = staged;
  if (request.parentId === 0) return undefined;
  if (request.parentId === orderId) return invalidRequest('An order can not be its own parent.');
  if (core.state.staged.has(orderKey(clientId, request.parentId))) return undefined;
  const parent = parentOf(core, clientId, request.parentId);
  return 'code' in parent ? parent : undefined;
}

/** Takes a family's orders into the books, parents first. */
function release(core: Core, member: StagedOrder): void {
  const family = familyOf(core, member);
  for (const staged of family) unstage(core, staged);
  for (const staged of family) {
    const validated = validate(core, staged.request);
    if (isRefused(validated)) tellError(core, staged, validated);
    else accept(core, staged, validated);
  }
}

function placeNew(core: Core, asked: StagedOrder): void {
  const { clientId, orderId, request } = asked;
  const validated = validate(core, request);
  const refused = isRefused(validated) ? validated : parentRefusal(core, asked);
  if (refused || isRefused(validated)) {
    rememberRefusal(core, clientId, orderId);
    tellError(core, asked, refused ?? (validated as CodedError));
    return;
  }
  consumeId(core, clientId, orderId);
  for (const notice of validated.notices) tellError(core, asked, notice);
  stage(core, asked);
  if (request.transmit) release(core, asked);
}

/**
 * One placeOrder. Errors are told to the client; a request that can be no order leaves no trace but
 * the error.
 */
export function place(core: Core, clientId: number, orderId: number, request: OrderRequest): void {
  const to = { clientId, orderId };
  const kept = terminalRefusal(core.settings.terminal, request);
  if (kept) {
    tellError(core, to, kept);
    return;
  }
  const existing = core.state.byId.get(orderKey(clientId, orderId));
  if (existing && isLive(existing)) {
    modify(core, existing, request);
    return;
  }
  const isStaged = core.state.staged.has(orderKey(clientId, orderId));
  const refused =
    orderId < 0 ? invalidRequest('Invalid order id.') : idRefusal(core, clientId, orderId);
  if (refused && !isStaged) tellError(core, to, refused);
  else placeNew(core, { clientId, orderId, request });
}
