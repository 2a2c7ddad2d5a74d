/** Codes that open the dashboard (UI-1): made, and taken once, by their hash. */
import type { Database, Transaction } from './database.js';

export interface NewLoginCode {
  readonly userId: string;
  /** SHA-256 of the code, as hex. */
  readonly codeHash: string;
  readonly scopes: readonly string[];
  readonly createdBy: string;
  readonly validForMs: number;
}

/** Makes a code, and drops those that are over. @returns when it expires, by the database's clock, which decides */
export async function insertLoginCode(tx: Transaction, code: NewLoginCode): Promise<Date> {
  await tx.$executeRaw`DELETE FROM login_codes WHERE expires_at < now()`;
  const [row] = await tx.$queryRaw<{ expiresAt: Date }[]>`
    INSERT INTO login_codes (code_hash, user_id, scopes, created_by, expires_at)
    VALUES (${code.codeHash}, ${code.userId}::uuid, ${[...code.scopes]}, ${code.createdBy},
            now() + ${code.validForMs}::float8 * interval '1 millisecond')
    RETURNING expires_at AS "expiresAt"`;
  return row!.expiresAt;
}

/** What a code stood for. */
export interface LoginOfCode {
  readonly userId: string;
  readonly userName: string;
  readonly scopes: string[];
  /** Who made the link. */
  readonly createdBy: string;
}

/** Takes a code: of many who try at once one gets it. Null for one that nobody made, that is used, or over. */
export async function takeLoginCode(
  db: Database | Transaction,
  codeHash: string,
): Promise<LoginOfCode | null> {
  const [row] = await db.$queryRaw<LoginOfCode[]>`
    UPDATE login_codes c SET used_at = now() FROM users u
     WHERE c.code_hash = ${codeHash} AND c.used_at IS NULL AND c.expires_at > now()
       AND u.id = c.user_id
    RETURNING u.id AS "userId", u.name AS "userName", c.scopes, c.created_by AS "createdBy"`;
  return row ?? null;
}
