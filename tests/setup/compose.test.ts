/**
 * docker-compose.yml, held against the code without an engine for containers: that each setting, program, port and file
 * exists, and the rules that every service of it must keep.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { loadConfig } from '../../config/index.js';
import { settings } from '../../config/schema.js';
import { DYNAMIC_CONFIG } from '../../scripts/infra/temporal.js';
import { completeEnv, type Profile } from '../../scripts/lib/deploy-env.mjs';
import { projectRoot } from '../../scripts/lib/paths.mjs';

interface Service {
  readonly image: string;
  readonly build?: string;
  readonly profiles?: readonly string[];
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly restart?: string;
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly mem_limit?: string;
  readonly cpus?: number;
  readonly pids_limit?: number;
  readonly logging?: { readonly options: Readonly<Record<string, string>> };
  readonly container_name?: string;
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const root = projectRoot();
const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');

/** Puts variables in as Compose does. @throws Error with the file's own words where a needed one is not there */
function interpolate(source: string, env: ReadonlyMap<string, string>): string {
  const put = (_: string, name: string, kind?: string, rest?: string): string => {
    const value = env.get(name);
    if (value) return value;
    if (kind === '?') throw new Error(`${name}: ${rest}`);
    return rest ?? '';
  };
  // One that stands in another's default comes first.
  const innermost = /\$\{([A-Z0-9_]+)(?::(-|\?)([^{}]*))?\}/g;
  const done = source.replace(innermost, put);
  return done === source ? done : interpolate(done, env);
}

function envOf(profile: Profile, changes: Record<string, string> = {}): Map<string, string> {
  const lines = completeEnv('', profile).text.trim().split('\n');
  const pairs = lines.map((line) => [
    line.slice(0, line.indexOf('=')),
    line.replace(/^[^=]*=/, ''),
  ]);
  return new Map([...(pairs as [string, string][]), ...Object.entries(changes)]);
}

/** As Compose does it: the file is read first, then what stands in its texts is put in. */
function composeOf(env: ReadonlyMap<string, string>): Compose {
  const put = (node: unknown): unknown => {
    if (typeof node === 'string') return interpolate(node, env);
    if (Array.isArray(node)) return node.map(put);
    if (node === null || typeof node !== 'object') return node;
    return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, put(value)]));
  };
  // Each service takes the same few blocks: no attack, however often.
  return put(parse(text, { merge: true, maxAliasCount: -1 })) as Compose;
}

const compose = composeOf(envOf('paper'));
const services = Object.entries(compose.services);
const own = services.filter(([, { build }]) => build !== undefined);
const JOBS = ['prepare', 'temporal-schema', 'ib-login'];

const textsOf = (env: Service['environment'] = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)]));

describe('[OPS-2] every service', () => {
  test.each(services)('%s is bounded, and says whether it is well', (name, service) => {
    expect(service.image).toMatch(/:v?\d+\.\d+(\.\d+)?[\w.-]*$/);
    expect(service.mem_limit).toMatch(/^\d+[mg]$/);
    expect(service.cpus).toBeGreaterThan(0);
    expect(service.pids_limit).toBeGreaterThan(0);
    expect(service.logging?.options['max-size']).toMatch(/^\d+m$/);
    expect(service.container_name).toBeUndefined();
    const isJob = JOBS.includes(name);
    expect(service.restart).toBe(isJob ? 'no' : 'unless-stopped');
    if (!isJob) expect(service.healthcheck?.test?.length).toBeGreaterThan(1);
  });

  test.each(services)('%s is reached from this machine alone', (_, { ports = [] }) => {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  test.each(services)('%s waits for what is there, and mounts what is there', (_, service) => {
    for (const [needed, { condition }] of Object.entries(service.depends_on ?? {})) {
      const target = compose.services[needed];
      expect([needed, target !== undefined]).toEqual([needed, true]);
      const isJob = JOBS.includes(needed);
      expect(condition).toBe(isJob ? 'service_completed_successfully' : 'service_healthy');
    }
    for (const volume of service.volumes ?? []) {
      const [source = ''] = volume.split(':');
      const isThere = source.startsWith('.')
        ? existsSync(join(root, source))
        : source in compose.volumes;
      expect([volume, isThere]).toEqual([volume, true]);
    }
  });

  test('no two publish the same port', () => {
    const published = services.flatMap(([, { ports = [] }]) => ports.map((p) => p.split(':')[1]));
    expect(new Set(published).size).toBe(published.length);
  });
});

describe('[OPS-2] secrets', () => {
  const SECRET = /PASSWORD|SECRET|API_KEY|TOKEN/;

  test('none has a value in the file', () => {
    const named = text.matchAll(/^\s+([A-Z_]+): *(.*)$/gm);
    const secrets = [...named].filter(([, name = '']) => SECRET.test(name));
    expect(secrets.length).toBeGreaterThan(8);
    for (const [line, , value = ''] of secrets) {
      expect([line, /^\$\{[A-Z_]+(:\?[^}]+|:-)\}$/.test(value)]).toEqual([line, true]);
    }
  });

  test('without them nothing starts, and the message says what to do', () => {
    expect(() => composeOf(new Map())).toThrow(/BALLAST_DB_PASSWORD: run "npm run deploy:env/);
  });

  test('are made, each its own, and are kept when the file is completed', () => {
    const first = completeEnv('', 'paper');
    const secrets = [...first.text.matchAll(/^(\w*(?:PASSWORD|SECRET))=(.*)$/gm)];
    expect(secrets.length).toBe(5);
    expect(new Set(secrets.map(([, , value]) => value)).size).toBe(5);
    for (const [, , value] of secrets) expect(value).toMatch(/^[0-9a-f]{48}$/);
    expect(completeEnv(first.text, 'paper')).toEqual({ text: first.text, added: [] });
    const without = first.text.replace(/^JWT_SECRET=.*\n/m, '');
    expect(completeEnv(without, 'paper').added).toEqual(['JWT_SECRET']);
    expect(() => completeEnv(first.text, 'ib')).toThrow(/for ballast-paper.*--file/);
  });
});

describe('[OPS-2] the processes of Ballast', () => {
  test.each(own)('%s: settings that exist, a program that exists', (_, service) => {
    const names = Object.keys(service.environment ?? {});
    const other = service.profiles?.includes('ib') ? /^(TWS_|VNC_)/ : /^$/;
    expect(names.filter((name) => !(name in settings) && !other.test(name))).toEqual([]);
    const program = service.command?.[0] ?? '';
    const source = program.replace(/^dist\/(.*)\.js$/, '$1.ts');
    expect([program, existsSync(join(root, source))]).toEqual([program, true]);
    const check = service.healthcheck?.test?.[2];
    if (check) expect(existsSync(join(root, check))).toBe(true);
  });

  /** Of the container, of `npm start`, of tests, or of the second broker, for which no service is there. */
  const OF_NO_FILE =
    /^(BALLAST_(CACHE_DIR|RESTART|ALIVE_FILE|FAILPOINTS)|RESTART_DELAY_MS|HALT_FILE|BROKER|SNAPTRADE_\w+)$/;

  test('take every setting from .env: a limit that is written there and reaches nobody would be none', () => {
    const set = new Set(own.flatMap(([, { environment = {} }]) => Object.keys(environment)));
    const names = Object.keys(settings).filter((name) => !OF_NO_FILE.test(name));
    expect(names.filter((name) => !set.has(name))).toEqual([]);
    const limits = { MAX_OPEN_RISK_PCT: '0.01', DAILY_LOSS_LIMIT: '0.02', APPROVAL: 'required' };
    const { services: all } = composeOf(envOf('paper', limits));
    for (const name of ['trade-worker', 'broker-worker', 'api']) {
      expect(textsOf(all[name]?.environment)).toMatchObject(limits);
      expect(() => loadConfig(textsOf(all[name]?.environment))).not.toThrow();
    }
  });

  test('are of the version that package.json has', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(new Set(own.map(([, { image }]) => image))).toEqual(new Set([`ballast:${version}`]));
  });

  test.each(own)('%s can change neither its code nor its rights', (_, service) => {
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.volumes).toEqual(['state:/state', './deploy/certs:/certs:ro']);
  });

  test('all of those that npm start runs are there', () => {
    const programs = own.map(([, { command }]) => command?.[0]);
    const wanted = ['worker/trade-worker', 'worker/broker-worker', 'worker/notifier'].concat([
      ...['worker/watchdog', 'api/main', 'gateway/main', 'scripts/infra/prepare'],
    ]);
    expect(programs).toEqual(expect.arrayContaining(wanted.map((path) => `dist/${path}.js`)));
  });

  test.each(['paper', 'ib', 'ib-live'] as const)(
    'take the configuration of profile %s',
    (profile) => {
      const { services: all } = composeOf(envOf(profile));
      const config = loadConfig(textsOf(all['broker-worker']?.environment));
      const port = { paper: 4002, ib: 4004, 'ib-live': 4003 }[profile];
      expect([config.ibkrHost, config.ibkrPort]).toEqual([
        profile === 'paper' ? 'paper-gateway' : 'ib-gateway',
        port,
      ]);
      expect(all[config.ibkrHost]?.profiles).toEqual([profile === 'paper' ? 'paper' : 'ib']);
      expect(config.tradingEnabled).toBe(profile === 'paper');
      expect(config.allowLive).toBe(false);
      expect(config.parkEntries).toBe(profile !== 'paper');
      // The catcher is of another machine, and speaks no TLS.
      expect([new URL(config.smtpUrl ?? '').hostname, config.smtpPlain]).toEqual(['mailpit', true]);
      expect(() => loadConfig(textsOf(all['api']?.environment))).not.toThrow();
    },
  );

  test('the paper gateway listens where they look, the API where it is published', () => {
    const gateway = compose.services['paper-gateway'];
    expect(gateway?.command).toContain('--port=4002');
    const api = compose.services['api'];
    const config = loadConfig(textsOf(api?.environment));
    expect(api?.ports?.[0]).toMatch(new RegExp(`:${config.apiPort}$`));
    expect(api?.healthcheck?.test?.at(-1)).toBe(`http://127.0.0.1:${config.apiPort}/health`);
  });

  test('Prometheus asks services that are there', () => {
    const { scrape_configs: jobs } = parse(
      readFileSync(join(root, 'deploy/compose/prometheus.yml'), 'utf8'),
    ) as { scrape_configs: { static_configs: { targets: string[] }[] }[] };
    const targets = jobs.flatMap((job) => job.static_configs.flatMap(({ targets: t }) => t));
    // By address alone: it has no token there.
    expect(loadConfig(textsOf(compose.services['api']?.environment)).metricsOpen).toBe(true);
    for (const target of targets)
      expect(Object.keys(compose.services)).toContain(target.split(':')[0]);
  });
});

describe('[OPS-2] Temporal', () => {
  test('server and tools are of one version, and the deprecated image is not used', () => {
    const versionOf = (name: string) => compose.services[name]?.image.split(':')[1];
    expect(versionOf('temporal')).toBe(versionOf('temporal-schema'));
    expect(text).not.toContain('auto-setup');
  });

  test('is tuned there as it is here', () => {
    const file = join(root, 'deploy/compose/temporal-dynamic-config.yaml');
    const dynamic = parse(readFileSync(file, 'utf8')) as Record<string, { value: number }[]>;
    const values = Object.entries(dynamic).map(([name, [first]]) => [name, first?.value]);
    expect(Object.fromEntries(values)).toEqual(DYNAMIC_CONFIG);
  });

  test('its roles and databases are those that are made', () => {
    const roles = readFileSync(join(root, 'deploy/compose/postgres-roles.sh'), 'utf8');
    const {
      POSTGRES_USER: user,
      DBNAME,
      VISIBILITY_DBNAME,
    } = compose.services['temporal']?.environment ?? {};
    for (const database of [DBNAME, VISIBILITY_DBNAME]) {
      expect(roles).toContain(`CREATE DATABASE ${database} OWNER ${user};`);
    }
    expect(
      new URL(textsOf(compose.services['api']?.environment)['DATABASE_URL'] ?? '').pathname,
    ).toBe('/ballast');
  });
});
