/** `ballast hook`: webhooks that take alerts of charting services (SIG-6). */
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { App } from '../../app/app.js';
import {
  createHook,
  findHook,
  HookRefusedError,
  HOOKS_LISTED_MAX,
  listHooks,
  revokeHook,
  tryAlert,
} from '../../app/hooks.js';
import { readRuntime } from '../../config/index.js';
import { hookUrl } from '../../contract/hooks/address.js';
import {
  InvalidAlertError,
  STRATEGIES_MAX,
  StrategyNotAllowedError,
  TEMPLATE_NAMES,
  TEMPLATES,
  type TemplateName,
} from '../../contract/hooks/alert.js';
import type { HookView } from '../../contract/views.js';
import { CliError, EXIT, notFound, type ExitCode } from '../exit.js';
import { readJson, type Io } from '../io.js';
import { jsonText, table, when } from '../print.js';
import { withApp } from '../stack.js';
import type { Register } from './context.js';

interface CreateOptions {
  readonly template: TemplateName;
  readonly strategy: readonly string[];
  readonly json?: boolean;
}

export const registerHook: Register = (program, { io, finish }) => {
  const hook = program.command('hook');
  const asJson = (command: Command) => command.opts<{ json?: boolean }>().json === true;
  hook
    .command('create')
    .description('make a webhook; its address is shown this once')
    .argument('<name>', 'what you call it', nameOf)
    .requiredOption('--strategy <list>', 'whose signals it may send', strategiesOf)
    .addOption(
      new Option('--template <name>', templatesText())
        .choices(TEMPLATE_NAMES)
        .default('tradingview' satisfies TemplateName),
    )
    .option('--json', 'print as JSON')
    .action(async (name: string, options: CreateOptions) => {
      finish(await create(io, name, options));
    });
  hook
    .command('list')
    .description('list webhooks, the newest first')
    .option('--json', 'print as JSON')
    .action(async (_options: object, command: Command) => {
      const found = await withApp(io, listHooks);
      io.out(asJson(command) ? jsonText(found) : hooksTable(io, found));
      if (found.length === HOOKS_LISTED_MAX) io.err(`${found.length} shown, there may be more\n`);
      finish(EXIT.ok);
    });
  hook
    .command('revoke')
    .description('end a webhook for good: its address takes nothing from now on')
    .argument('<hook>', 'its name')
    .option('--json', 'print as JSON')
    .action(async (name: string, _options: object, command: Command) => {
      const revoked = await withApp(io, async (app) => {
        const { id } = await hookNamed(app, name);
        return (await revokeHook(app, id)) ?? noHook(name);
      });
      io.out(asJson(command) ? jsonText(revoked) : `${name} is revoked\n`);
      finish(EXIT.ok);
    });
  hook
    .command('test')
    .description('show the signal that an alert would become; nothing is stored or sent')
    .argument('<hook>', 'its name')
    .argument('[file]', 'the alert as JSON; - reads standard input', '-')
    .option('--json', 'print what is wrong as JSON, too')
    .action(async (name: string, file: string, _options: object, command: Command) => {
      finish(await test(io, name, file, asJson(command)));
    });
};

function templatesText(): string {
  const each = TEMPLATE_NAMES.map((name) => `${name}: ${TEMPLATES[name].summary}`);
  return `how alerts are read (${each.join('; ')})`;
}

const NAME = /^[A-Za-z0-9._-]{1,64}$/;
const NAME_ALLOWED = '1 to 64 characters of A-Z a-z 0-9 . _ -';

function nameOf(value: string): string {
  if (NAME.test(value)) return value;
  throw new InvalidArgumentError(`allowed are ${NAME_ALLOWED}.`);
}

function strategiesOf(value: string): readonly string[] {
  const names = [...new Set(value.split(/[\s,]+/).filter(Boolean))];
  const isRight = names.length > 0 && names.length <= STRATEGIES_MAX;
  if (isRight && names.every((name) => NAME.test(name))) return names;
  throw new InvalidArgumentError(
    `allowed are 1 to ${STRATEGIES_MAX} names with commas between, of ${NAME_ALLOWED}.`,
  );
}

async function create(
  io: Io,
  name: string,
  { template, strategy: strategies, json }: CreateOptions,
): Promise<ExitCode> {
  const { hook, url, isPublic } = await withApp(io, async (app) => {
    const made = await createHook(app, { name, template, strategies }).catch(refused);
    const { apiPublicUrl, apiHost, apiPort } = app.config;
    const here = readRuntime(io.env)?.urls['api'] ?? `http://${apiHost}:${apiPort}`;
    const address = hookUrl(apiPublicUrl ?? here, made.token);
    return { hook: made.hook, url: address, isPublic: apiPublicUrl !== undefined };
  });
  io.out(json ? jsonText({ ...hook, url }) : `${url}\n`);
  io.err('keep it as a password: whoever has it can trade with it, and it is not shown again\n');
  if (!isPublic)
    io.err(
      'API_PUBLIC_URL is not set: put the address that is reached from outside before /hooks\n',
    );
  return EXIT.ok;
}

function refused(error: unknown): never {
  if (error instanceof HookRefusedError)
    throw new CliError(EXIT.failed, error.message, { code: 'REFUSED' });
  throw error;
}

async function hookNamed(app: App, name: string): Promise<HookView> {
  return (await findHook(app, { name })) ?? noHook(name);
}

function noHook(name: string): never {
  const remedy = '"ballast hook list" shows what there is';
  throw notFound(`there is no webhook ${name}, or it was revoked: ${remedy}`);
}

async function test(io: Io, name: string, file: string, asJson: boolean): Promise<ExitCode> {
  const alert = await readJson(io, file);
  const terms = await withApp(io, (app) => hookNamed(app, name));
  try {
    io.out(jsonText(tryAlert(terms, alert)));
    return EXIT.ok;
  } catch (error) {
    const { code, issues } = refusalOf(error);
    io.err(`${file}: the alert is refused\n`);
    for (const { path, message } of issues) io.err(`  ${path}: ${message}\n`);
    if (asJson) io.out(jsonText({ error: { code, issues } }));
    return EXIT.failed;
  }
}

/** What is wrong with an alert, as the API names it too. */
function refusalOf(error: unknown) {
  if (error instanceof InvalidAlertError) return { code: 'INVALID_ALERT', issues: error.issues };
  if (!(error instanceof StrategyNotAllowedError)) throw error;
  const issues = [{ path: 'strategy_id', message: error.message }];
  return { code: 'STRATEGY_NOT_ALLOWED', issues };
}

function hooksTable(io: Io, hooks: readonly HookView[]): string {
  if (hooks.length === 0) return 'there is no webhook\n';
  const rows = hooks.map((one) => [
    one.name,
    one.template,
    one.strategies.join(', '),
    when(one.created_at),
    one.last_used_at === null ? 'never' : when(one.last_used_at),
    one.revoked_at === null ? '' : `${when(one.revoked_at)} by ${one.revoked_by}`,
  ]);
  return table(io, ['hook', 'template', 'strategies', 'made (UTC)', 'last used', 'revoked'], rows);
}
