/** The audit log, for every surface. */
import type { AuditCheck, AuditView } from '../contract/views.js';
import * as audit from '../store/audit.js';
import type { App } from './app.js';

/** The newest entries, newest first; `before`: those older than the entry of that id. */
export function listAudit(
  { db, userId }: App,
  limit: number,
  before?: bigint,
): Promise<AuditView[]> {
  return audit.listAudit(db, userId, limit, before);
}

/** Reads the whole chain, and says where it breaks first. */
export function verifyAudit({ db }: App): Promise<AuditCheck> {
  return audit.verifyAudit(db);
}
