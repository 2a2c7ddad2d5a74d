/** `ballast token`: a signed token for the HTTP API. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { SignJWT } from 'jose';
import type { Config } from '../../config/index.js';
import { parseDurationMs } from '../../contract/duration.js';
import { isScope, SCOPES, type Scope } from '../../contract/tokens.js';
import { EXIT } from '../exit.js';
import { jsonText } from '../print.js';
import { readConfig } from '../stack.js';
import type { Register } from './context.js';

/** Where the secret lives when JWT_SECRET isn't set: in the state folder, for its owner only. */
const SECRET_FILE = 'jwt-secret';
/** HS256 is as strong as its key: 256 bits. */
const SECRET_BYTES = 32;
const OWNER_ONLY = 0o600;

interface TokenOptions {
  readonly scope: readonly Scope[];
  readonly expires: number;
  readonly user: string;
  readonly json?: boolean;
}

export const registerToken: Register = (program, { io, finish }) => {
  program
    .command('token')
    .option('--scope <list>', `of ${SCOPES.join(', ')}`, scopesOf, ['read'])
    .option('--expires <duration>', 'such as 12h or 30d', expiryOf, expiryOf('30d'))
    .option('--user <name>', 'whose trades it may see', 'owner')
    .option('--json', 'print as JSON')
    .action(async (options: TokenOptions) => {
      const expiresAt = new Date(Date.now() + options.expires);
      const token = await mint(readConfig(io), options.user, options.scope, expiresAt);
      const described = {
        token,
        user: options.user,
        scopes: options.scope,
        expires_at: expiresAt.toISOString(),
      };
      io.out(options.json ? jsonText(described) : `${token}\n`);
      finish(EXIT.ok);
    });
};

/** Signs a token. `scopes` becomes the claim `scope`, words with blanks between, as OAuth has it. */
export async function mint(
  config: Config,
  user: string,
  scopes: readonly Scope[],
  expiresAt: Date,
): Promise<string> {
  return new SignJWT({ scope: scopes.join(' ') })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(config.jwtIssuer)
    .setAudience(config.jwtAudience)
    .setSubject(user)
    .setIssuedAt()
    .setExpirationTime(expiresAt)
    .sign(new TextEncoder().encode(tokenSecret(config)));
}

/** JWT_SECRET, else the state folder's own, made on the first call. */
export function tokenSecret(config: Config): string {
  if (config.jwtSecret) return config.jwtSecret;
  const file = join(config.ballastStateDir, SECRET_FILE);
  mkdirSync(config.ballastStateDir, { recursive: true });
  try {
    // Exclusive: of two first calls at once, one makes it and the other reads it.
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    writeFileSync(file, `${secret}\n`, { flag: 'wx', mode: OWNER_ONLY });
    return secret;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return readFileSync(file, 'utf8').trim();
  }
}

function scopesOf(value: string): Scope[] {
  const words = value.split(/[\s,]+/).filter(Boolean);
  const unknown = words.find((word) => !isScope(word));
  if (words.length > 0 && unknown === undefined) return [...new Set(words)] as Scope[];
  throw new InvalidArgumentError(`allowed are ${SCOPES.join(', ')}, with commas between.`);
}

function expiryOf(value: string): number {
  const durationMs = parseDurationMs(value);
  if (durationMs !== null) return durationMs;
  throw new InvalidArgumentError('allowed is a duration such as 12h, 30d or PT90M.');
}
