/** This installation's identity and its first user, made once. */
import { randomBytes } from 'node:crypto';
import type { Database } from './database.js';
import { transact } from './transact.js';

export interface InstallationIdentity {
  /** 8 characters [a-z2-7]: the first part of every client order id. */
  readonly installationId: string;
  /** The owner: signals without a login (command line, one-machine use) belong to this user. */
  readonly ownerId: string;
}

/** The user that an installation begins with. */
export const OWNER_NAME = 'owner';
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const ID_LENGTH = 8;
/** Serialises the first start of several processes. Any constant will do; this one is ours. */
const INSTALLATION_LOCK = 7_224_001;

/** Gives the installation's identity, making it on the first call; safe from several processes. */
export async function ensureInstallation(db: Database): Promise<InstallationIdentity> {
  return transact(db, 'installation.commit', {}, async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${INSTALLATION_LOCK})`;
    const installation =
      (await tx.installation.findFirst()) ??
      (await tx.installation.create({ data: { id: newId() } }));
    const owner =
      (await tx.user.findUnique({ where: { name: OWNER_NAME } })) ??
      (await tx.user.create({ data: { name: OWNER_NAME } }));
    return { installationId: installation.id, ownerId: owner.id };
  });
}

function newId(): string {
  return [...randomBytes(ID_LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
}
