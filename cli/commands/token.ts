/** `ballast token`: a signed token for the HTTP API. */
import { InvalidArgumentError, Option } from 'commander';
import { SignJWT } from 'jose';
import { tokenSecret } from '../../app/token-secret.js';
import type { Config } from '../../config/index.js';
import { parseDurationMs } from '../../contract/duration.js';
import { isScope, SCOPES, type Scope } from '../../contract/tokens.js';
import { EXIT } from '../exit.js';
import { jsonText } from '../print.js';
import { readConfig } from '../stack.js';
import type { Register } from './context.js';

/** Unless it is told. */
const EXPIRES = '30d';

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
    .addOption(
      new Option('--expires <duration>', 'such as 12h or 90d')
        .argParser(expiryOf)
        .default(expiryOf(EXPIRES), EXPIRES),
    )
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

/** The scopes of an option, with commas or blanks between. @throws InvalidArgumentError */
export function scopesOf(value: string): Scope[] {
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
