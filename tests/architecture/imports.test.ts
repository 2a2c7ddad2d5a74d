/** Which folder may import which: the borders that the design depends on. */
import { isBuiltin } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import { CODE_FOLDERS, importsOf, loadedBy, sourcesIn, type Import } from './sources.js';

interface Border {
  /** Paths that belong to it begin so. */
  folder: string;
  /** What it may import: files and folders by how they begin, packages by name. */
  may: string[];
  /** The same, for types only. */
  mayType?: string[];
  /** Whether it may use Node's own modules. */
  builtins: boolean;
}

const TEMPORAL_IN_WORKFLOWS = ['@temporalio/workflow', '@temporalio/common'];

/** `domain/money.ts` alone may load decimal.js: `folder` may name a file as an exception. */
const BORDERS: Border[] = [
  { folder: 'domain/money.ts', may: ['decimal.js'], builtins: false },
  { folder: 'domain/', may: ['domain/'], builtins: false },
  // Its zod schemas and digests are for the edges; what workflows load of it is checked below.
  { folder: 'contract/', may: ['contract/', 'domain/', 'zod'], builtins: true },
  {
    folder: 'workflows/',
    may: ['workflows/', 'domain/', 'contract/', ...TEMPORAL_IN_WORKFLOWS],
    mayType: ['activities/', 'failpoints/'],
    builtins: false,
  },
  {
    folder: 'activities/',
    may: ['activities/', 'domain/', 'contract/', 'broker/port.ts', 'store/'].concat([
      'failpoints/failpoint.ts',
      'telemetry/spans.ts',
      '@temporalio/activity',
      '@temporalio/common',
    ]),
    mayType: ['config/', 'pino'],
    builtins: true,
  },
  {
    folder: 'broker/',
    may: ['broker/', 'domain/', 'contract/', 'failpoints/failpoint.ts', '@stoqey/ib'].concat([
      'snaptrade-typescript-sdk',
      'zod',
    ]),
    mayType: ['pino'],
    builtins: true,
  },
  {
    // Ways to a broker, and what wires and runs: here the adapters are known.
    folder: 'conformance/worlds/',
    may: ['conformance/', 'domain/', 'broker/port.ts', 'broker/factory.ts'],
    builtins: true,
  },
  {
    folder: 'conformance/command/',
    may: ['conformance/', 'domain/', 'broker/port.ts', 'scripts/lib/', 'supervisor/node-child.ts'],
    builtins: true,
  },
  // The suite itself is the port's: it knows no adapter.
  { folder: 'conformance/', may: ['conformance/', 'domain/', 'broker/port.ts'], builtins: false },
  {
    folder: 'store/',
    may: ['store/', 'domain/', 'contract/', 'failpoints/failpoint.ts', '@prisma/', 'pg'],
    mayType: ['pino', 'failpoints/'],
    builtins: true,
  },
  {
    // What a program that watches is told: names, texts and spans. It knows no rows and no trades.
    folder: 'telemetry/',
    may: ['telemetry/', 'scripts/lib/paths.mjs', 'prom-client', '@opentelemetry/'].concat([
      '@temporalio/interceptors-opentelemetry-v2',
    ]),
    mayType: ['@temporalio/'],
    builtins: true,
  },
  {
    folder: 'failpoints/',
    may: ['failpoints/'],
    mayType: ['contract/'],
    builtins: true,
  },
  {
    // Ways to people; what of the outbox is sent, and when, is the notifier's.
    folder: 'notify/',
    may: ['notify/', 'domain/', 'contract/', 'nodemailer', 'standardwebhooks'],
    builtins: true,
  },
  {
    // The broker's statements: files and a web service, no part of its port.
    folder: 'flex/',
    may: ['flex/', 'domain/', 'saxes', 'zod'],
    builtins: false,
  },
  {
    folder: 'gateway/',
    may: ['gateway/', 'domain/money.ts', 'temporal-polyfill', 'nyse-holidays'],
    builtins: true,
  },
  { folder: 'snaptrade-stub/', may: ['snaptrade-stub/', 'domain/money.ts'], builtins: true },
  {
    folder: 'client/',
    may: ['client/', 'contract/', 'domain/', 'workflows/trade/messages.ts', '@temporalio/'].concat([
      // Where the module lies that Temporal's SDK loads by its path.
      'scripts/lib/paths.mjs',
      'telemetry/temporal.ts',
    ]),
    mayType: ['workflows/'],
    builtins: true,
  },
  {
    // The front door: every surface comes through it, so it knows none of them, nor any worker.
    folder: 'app/',
    may: ['app/', 'client/', 'contract/', 'domain/', 'flex/', 'store/'].concat([
      'failpoints/failpoint.ts',
      'scripts/infra/migrate.ts',
      // Whether a halt file is there is asked in one way by all; it reads no setting.
      'config/halt-file.ts',
      'config/notifications.ts',
      // What settings mean as limits is said once, for plans and commands.
      'config/risk.ts',
      'pg',
      'telemetry/',
    ]),
    mayType: ['config/', '@temporalio/client', '@temporalio/common'],
    builtins: true,
  },
  {
    // A surface: what it reads and changes, it reads and changes through app/.
    folder: 'cli/',
    may: [
      'cli/',
      'app/',
      'contract/',
      'config/',
      'domain/money.ts',
      'domain/sizing/',
      'mcp/',
      'telemetry/',
    ].concat(
      ['scripts/lib/', 'supervisor/main.ts', 'gateway/main-lib.ts', 'worker/replay.ts'],
      ['commander', 'cli-table3', 'jose'],
    ),
    mayType: ['domain/'],
    builtins: true,
  },
  {
    // What wires and runs: a process as the workers are.
    folder: 'api/main.ts',
    may: ['api/', 'app/', 'config/', 'telemetry/', 'worker/process.ts'],
    builtins: true,
  },
  {
    // A surface like the command line: what it reads and changes, it reads and changes through app/.
    folder: 'api/',
    may: ['api/', 'app/', 'contract/', 'config/', 'domain/money.ts', 'mcp/http.ts'].concat([
      'telemetry/',
      'fastify',
      'fastify-type-provider-zod',
      '@fastify/',
      'zod',
      'jose',
    ]),
    mayType: ['domain/', 'pino'],
    builtins: true,
  },
  {
    // A page in a browser: it knows the API by its document alone, and decimals as everybody does.
    folder: 'dashboard/',
    may: ['dashboard/', 'domain/money.ts', 'openapi-fetch', 'lightweight-charts'].concat(
      ['react', 'react-dom', 'react/jsx-runtime'],
      ['@tanstack/react-query', '@tanstack/react-router', '@tanstack/react-virtual'],
    ),
    mayType: ['sdk/src/generated/api.ts', 'sdk/src/generated/'],
    builtins: false,
  },
  {
    // What others install: it knows the API by its document alone.
    folder: 'sdk/',
    may: ['sdk/', 'openapi-fetch'],
    builtins: false,
  },
  {
    // A surface like both: it tells of the same views by the same schemas as the HTTP API, and connects to nothing itself.
    folder: 'mcp/',
    may: ['mcp/', 'app/', 'contract/', 'config/', 'api/schemas/'].concat(
      ['api/fields.ts', 'api/page.ts', 'api/problems.ts', 'api/refusals.ts'],
      ['@modelcontextprotocol/sdk', 'zod'],
    ),
    builtins: true,
  },
  {
    folder: 'config/',
    may: ['config/', 'domain/', 'scripts/lib/'].concat([
      'contract/notifications.ts',
      'contract/payload-keys.ts',
      'contract/tokens.ts',
      'telemetry/spans.ts',
      'zod',
      'pino',
    ]),
    builtins: true,
  },
];

/** For folders whose table row names only what they must not import. */
const FORBIDDEN: { folder: string; never: string[] }[] = [
  { folder: 'supervisor/', never: ['broker/', 'workflows/', 'activities/', 'cli/', 'worker/'] },
];

const imports: Import[] = sourcesIn(CODE_FOLDERS).flatMap(importsOf);

function isOneOf(to: string, allowed: readonly string[]): boolean {
  return allowed.some((entry) => to === entry || (entry.endsWith('/') && to.startsWith(entry)));
}

function borderOf(path: string): Border | undefined {
  return BORDERS.find(({ folder }) => path.startsWith(folder));
}

function isAllowed({ to, isTypeOnly }: Import, border: Border): boolean {
  if (isBuiltin(to)) return border.builtins;
  if (isOneOf(to, border.may)) return true;
  return isTypeOnly && isOneOf(to, border.mayType ?? []);
}

const shown = ({ from, to }: Import) => `${from} → ${to}`;

test('the imports were read at all', () => {
  expect(imports.length).toBeGreaterThan(100);
  expect(new Set(imports.map(({ from }) => from)).size).toBeGreaterThan(50);
});

describe.each(BORDERS.map((border) => [border.folder, border] as const))('%s', (_, border) => {
  test('imports only what it may', () => {
    const wrong = imports
      .filter((entry) => borderOf(entry.from) === border)
      .filter((entry) => !isAllowed(entry, border));
    expect(wrong.map(shown)).toEqual([]);
  });
});

describe.each(FORBIDDEN)('$folder', ({ folder, never }) => {
  test('does not import what it must not', () => {
    const wrong = imports.filter(({ from, to }) => from.startsWith(folder) && isOneOf(to, never));
    expect(wrong.map(shown)).toEqual([]);
  });
});

describe('the conformance suite, but for its worlds and its command', () => {
  const EDGES = ['conformance/worlds/', 'conformance/command/'];
  const suite = sourcesIn(['conformance']).filter(({ path }) => !isOneOf(path, EDGES));

  test('reaches no adapter by way of them', () => {
    const wrong = suite.flatMap(importsOf).filter(({ to }) => isOneOf(to, EDGES));
    expect(wrong.map(shown)).toEqual([]);
  });

  test('speaks no broker’s words', () => {
    const WORDS =
      /ibkr|interactive brokers|\btws\b|permId|conId\b|orderRef|clientId: ?\d|snaptrade/i;
    expect(suite.length).toBeGreaterThan(10);
    expect(suite.filter(({ text }) => WORDS.test(text)).map(({ path }) => path)).toEqual([]);
  });
});

describe('activities/', () => {
  const activities = sourcesIn(['activities']);

  test('know no rows: nothing of the generated client, and of the database only its type', () => {
    const wrong = activities.flatMap(importsOf).filter(({ to, isTypeOnly }) => {
      const isOfDatabase = to === 'store/database.ts' && !isTypeOnly;
      return to.startsWith('store/generated/') || to.startsWith('@prisma/') || isOfDatabase;
    });
    expect(wrong.map(shown)).toEqual([]);
  });

  test('hold no statements: what touches rows is a function of store/', () => {
    const STATEMENT = /\$(queryRaw|executeRaw|transaction)|\bTransaction\b|\bPrisma\b|\bdb\.[a-z]/;
    const wrong = activities.filter(({ text }) => STATEMENT.test(text)).map(({ path }) => path);
    expect(wrong).toEqual([]);
  });
});

test('decimal.js is loaded by domain/money.ts alone', () => {
  const loaders = imports.filter(({ to }) => to === 'decimal.js').map(({ from }) => from);
  expect(loaders).toEqual(['domain/money.ts']);
});

test('a bundled workflow loads neither zod, nor Prisma, nor Node, nor the configuration', () => {
  const loaded = [...loadedBy('workflows/index.ts', imports)];
  expect(loaded.length).toBeGreaterThan(5);
  const wrong = loaded.filter(
    (path) =>
      path === 'zod' ||
      isBuiltin(path) ||
      path.startsWith('@prisma/') ||
      path.startsWith('config/') ||
      path.startsWith('activities/'),
  );
  expect(wrong).toEqual([]);
});

test('no file imports itself in a circle', () => {
  const circles = new Set<string>();
  for (const { from } of imports) {
    const next = imports.filter((entry) => entry.from === from && !entry.isTypeOnly);
    for (const { to } of next) if (loadedBy(to, imports).has(from)) circles.add(`${from} → ${to}`);
  }
  expect([...circles]).toEqual([]);
});
