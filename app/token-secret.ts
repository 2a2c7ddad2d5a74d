/** The key that signs and checks this installation's own tokens. */
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/index.js';

/** Where it lives when JWT_SECRET isn't set: in the state folder, for its owner only. */
const SECRET_FILE = 'jwt-secret';
/** HS256 is as strong as its key: 256 bits. */
const SECRET_BYTES = 32;
const OWNER_ONLY = 0o600;

/** JWT_SECRET, else the state folder's own, made on the first call. @throws when the folder can't be written */
export function tokenSecret({ jwtSecret, ballastStateDir: folder }: Config): string {
  if (jwtSecret) return jwtSecret;
  const file = join(folder, SECRET_FILE);
  const known = readSecret(file);
  if (known !== null) return known;
  mkdirSync(folder, { recursive: true });
  const own = `${file}.${process.pid}`;
  writeFileSync(own, `${randomBytes(SECRET_BYTES).toString('base64url')}\n`, { mode: OWNER_ONLY });
  try {
    // Whole or not at all: of two first calls at once, one makes it and the other reads it.
    linkSync(own, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(own, { force: true });
  }
  return readFileSync(file, 'utf8').trim();
}

function readSecret(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
