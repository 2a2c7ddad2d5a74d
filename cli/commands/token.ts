/** `ballast token`: a signed token for the HTTP API. */
import { InvalidArgumentError, Option } from 'commander';
import { SignJWT } from 'jose';
import { openApp } from '../../app/app.js';
import { NotReachableError } from '../../app/not-reachable.js';
import { makeTokenSession, NoSuchUserError, SessionRefusedError } from '../../app/sessions.js';
import { tokenSecret } from '../../app/token-secret.js';
import { within } from '../../app/within.js';
import type { Config } from '../../config/index.js';
import { parseDurationMs } from '../../contract/duration.js';
import { isScope, SCOPES, type Scope } from '../../contract/tokens.js';
import { CliError, EXIT } from '../exit.js';
import { jsonText } from '../print.js';
import { actorName, readConfig } from '../stack.js';
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
      const config = readConfig(io);
      const expiresAt = new Date(Date.now() + options.expires);
      const id = await recorded(config, options, expiresAt).catch((error: unknown) => {
        if (error instanceof NoSuchUserError) {
          const told = `${error.message}: a token for them would be refused; without --user it is the owner's`;
          throw new CliError(EXIT.failed, told, { code: 'NOT_FOUND' });
        }
        io.err(`it can't be called back one by one: ${whyNot(error)}\n`);
        return null;
      });
      const token = await mint(config, options.user, options.scope, expiresAt, id);
      const described = {
        ...{ token, id },
        user: options.user,
        scopes: options.scope,
        expires_at: expiresAt.toISOString(),
      };
      io.out(options.json ? jsonText(described) : `${token}\n`);
      finish(EXIT.ok);
    });
};

/** A database that hangs makes no token wait longer. */
const RECORD_TIMEOUT_MS = 5_000;

/** Makes its row, by which it can be called back. @returns its id */
async function recorded(
  config: Config,
  { user, scope }: TokenOptions,
  expiresAt: Date,
): Promise<string> {
  const make = async () => {
    const app = await openApp(config, actorName());
    try {
      return await makeTokenSession(app, { user, scopes: scope, expiresAt });
    } finally {
      await app.close();
    }
  };
  return within(make(), RECORD_TIMEOUT_MS, () => new Error('the database does not answer in time'));
}

function whyNot(error: unknown): string {
  const isTold = error instanceof NotReachableError || error instanceof SessionRefusedError;
  return isTold ? error.message : 'the database does not answer, or has not been migrated';
}

/** Signs a token. `scopes` becomes the claim `scope`, words with blanks between, as OAuth has it; `id` the claim `jti`. */
export async function mint(
  config: Config,
  user: string,
  scopes: readonly Scope[],
  expiresAt: Date,
  id: string | null = null,
): Promise<string> {
  const made = new SignJWT({ scope: scopes.join(' ') })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(config.jwtIssuer)
    .setAudience(config.jwtAudience)
    .setSubject(user)
    .setIssuedAt()
    .setExpirationTime(expiresAt);
  if (id !== null) made.setJti(id);
  return made.sign(new TextEncoder().encode(tokenSecret(config)));
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
