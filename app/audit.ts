/** The audit log, for every surface. */
import type { AuditView } from '../contract/views.js';
import * as audit from '../store/audit.js';
import type { App } from './app.js';

/** The newest entries, newest first. */
export function listAudit({ db, userId }: App, limit: number): Promise<AuditView[]> {
  return audit.listAudit(db, userId, limit);
}

/** Reads the whole chain. @returns the id of the first entry that does not fit, or null */
export function verifyAudit({ db }: App): Promise<string | null> {
  return audit.brokenAuditEntry(db);
}
