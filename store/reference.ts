/** The reference of a leg at the broker, computed the same way everywhere (BRK-2). */
import { createHash } from 'node:crypto';
import { clientOrderId } from '../domain/ids.js';
import type { LegRole } from '../domain/vocabulary.js';

/** The one reference that this installation gives the leg: see `clientOrderId`. */
export function referenceOf(
  installationId: string,
  tradeId: string,
  role: LegRole,
  sequence: number,
): string {
  return clientOrderId(installationId, tradeId, role, sequence, sha256Hex);
}

function sha256Hex(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}
