/** An approval as it is read, wherever its row is joined as `ap`. Instants are epoch ms. */
import { Prisma } from './database.js';

const ms = (column: string) => Prisma.raw(`(extract(epoch FROM ${column}) * 1000)::bigint`);

/** The columns of `ApprovalFacts` (domain/risk/approval.ts). */
export const APPROVAL = Prisma.sql`jsonb_build_object('shown', ap.shown, 'verdict', ap.verdict,
  'expiresAtMs', ${ms('ap.expires_at')}, 'decidedAtMs', ${ms('ap.decided_at')},
  'actor', ap.actor, 'reason', ap.reason)`;
