/** [OPS-2] [OPS-3] PostgreSQL and Temporal: each broken for real, with doctor's line and remedy. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createSecureServer, type Http2SecureServer, type Http2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openTemporal } from '../../client/temporal.js';
import { tradeQueue } from '../../contract/workflows.js';
import { execute } from '../../scripts/infra/postgres.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';
import { temporalAddress, uniquePrefix } from '../support/temporal.js';
import { told } from './doctor-lines.js';

let database: TestDatabase;
let folder: string;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  database = await freshDatabase();
  folder = mkdtempSync(join(tmpdir(), 'ballast-doctor-'));
  env = {
    ...{ BALLAST_STATE_DIR: folder, DATABASE_URL: database.url, API_PORT: '1' },
    ...{ TEMPORAL_ADDRESS: await temporalAddress(), TASK_QUEUE_PREFIX: uniquePrefix() },
  };
}, 60_000);
afterAll(async () => {
  await database?.drop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** The database's address with something else in one place. */
function urlWith(change: Partial<Record<'port' | 'password' | 'username' | 'pathname', string>>) {
  return Object.assign(new URL(database.url), change).href;
}

describe('[OPS-3] PostgreSQL', () => {
  const line = (url: string, name = 'database') => told({ ...env, DATABASE_URL: url }, name);

  test('an address, a password and a name that are wrong', async () => {
    expect(await line('')).toMatch(/^wrong: DATABASE_URL is not known → .*set DATABASE_URL/);
    expect(await line(urlWith({ port: '1' }))).toMatch(/^wrong: no answer at .*REFUSED/);
    const password = await line(urlWith({ password: 'wrong-one' }));
    expect(password).toMatch(/^wrong: .*refuses the password.* → .*password into DATABASE_URL/);
    expect(password).not.toContain('wrong-one');
    const name = await line(urlWith({ pathname: '/not_there' }));
    expect(name).toMatch(/^wrong: .*has no such database.* → .*createdb/);
  });

  test('migrations that are missing: all, or the last', async () => {
    const empty = `empty_${randomBytes(4).toString('hex')}`;
    await execute(database.url, `create database ${empty} template template0`);
    try {
      const found = await line(urlWith({ pathname: `/${empty}` }), 'schema');
      expect(found).toMatch(/^wrong: the database is empty → .*scripts\/migrate.mjs/);
    } finally {
      await execute(database.url, `drop database ${empty}`);
    }
    const last = `(select max(migration_name) from _prisma_migrations)`;
    await execute(
      database.url,
      `update _prisma_migrations set finished_at = null where migration_name = ${last}`,
    );
    expect(await line(database.url, 'schema')).toMatch(
      /^wrong: not applied: \d+.* → run "npm start"/,
    );
    await execute(database.url, 'update _prisma_migrations set finished_at = now()');
  });

  test('one that can be read only, and a user who may not write', async () => {
    expect(await line(database.url, 'database writes')).toMatch(/^ok/);
    const name = new URL(database.url).pathname.slice(1);
    await execute(database.url, `alter database ${name} set default_transaction_read_only = on`);
    const readOnly = await line(database.url, 'database writes');
    expect(readOnly).toMatch(/^wrong: .*read-only → .*default_transaction_read_only/);
    const url = `${database.url}?options=-c%20default_transaction_read_only%3Doff`;
    await execute(url, `alter database ${name} reset default_transaction_read_only`);
    const user = `reader_${randomBytes(4).toString('hex')}`;
    await execute(database.url, `create role ${user} login password 'reads-only'`);
    try {
      const asReader = urlWith({ username: user, password: 'reads-only' });
      const refused = await line(asReader);
      expect(refused).toMatch(/^wrong: .*refuses this user its tables.* → .*migrations ran as/);
      await execute(database.url, `grant select on all tables in schema public to ${user}`);
      const reader = await line(asReader, 'database writes');
      expect(reader).toMatch(new RegExp(`^wrong: the user ${user} may not write.* → .*grant`));
    } finally {
      await execute(database.url, `drop owned by ${user}; drop role ${user}`);
    }
  });
});

describe('[OPS-2] [OPS-3] Temporal', () => {
  const line = (wrong: NodeJS.ProcessEnv, name = 'Temporal') => told({ ...env, ...wrong }, name);

  test('an address and a namespace that are wrong', async () => {
    const closed = { TEMPORAL_ADDRESS: '127.0.0.1:1' };
    expect(await line(closed)).toMatch(
      /^wrong: no server answers at 127.0.0.1:1 → .*TEMPORAL_ADDRESS/,
    );
    const namespace = await line({ TEMPORAL_NAMESPACE: 'not-there' });
    expect(namespace).toMatch(/^wrong: .*has no namespace not-there → .*namespace create/);
    expect(await line({}, 'trade workers')).toMatch(/^wrong: none listens on/);
  });

  test('TLS where there is none, and a certificate file that is not there', async () => {
    const tls = await line({ TEMPORAL_TLS: 'true' });
    expect(tls).toMatch(/^wrong: .*speaks no TLS → unset TEMPORAL_TLS/);
    const file = await line({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: '/nowhere/ca.pem' });
    expect(file).toMatch(/^wrong: \/nowhere\/ca.pem can not be read → .*SERVER_CA_CERT_PATH/);
  });

  test('[OPS-5] trades that were sealed with a key that is not set any more', async () => {
    const { TEMPORAL_ADDRESS: address = '', TASK_QUEUE_PREFIX: prefix = '' } = env;
    const secret = randomBytes(32).toString('base64url');
    const client = await openTemporal({
      ...{ address, namespace: 'default' },
      payloadKeys: [{ name: 'k-lost', secret }],
    });
    const workflow = await client.workflow.start('tradeWorkflow', {
      ...{ taskQueue: tradeQueue(prefix), workflowId: `${prefix}sealed`, args: ['x'] },
    });
    try {
      await listed(client, `${prefix}sealed`);
      const lost = await line({}, 'encryption');
      expect(lost).toMatch(/^wrong: .*sealed with k-lost, which .* → put it back/);
      const other = `k2=${randomBytes(32).toString('base64url')}`;
      const both = await line({ TEMPORAL_PAYLOAD_KEYS: `${other},k-lost=${secret}` }, 'encryption');
      expect(both).toMatch(/^note: .*sealed with k2; .*k-lost → keep/);
      expect(await line({ TEMPORAL_PAYLOAD_KEYS: `k-lost=${secret}` }, 'encryption')).toMatch(
        /^ok/,
      );
    } finally {
      await workflow.terminate('the test is over');
      await client.connection.close();
    }
  });
});

/** Lists follow what happened by a moment. */
async function listed(client: Awaited<ReturnType<typeof openTemporal>>, id: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  const query = `WorkflowId = '${id}' AND ExecutionStatus = 'Running'`;
  while ((await client.workflow.count(query)).count === 0) {
    if (Date.now() > deadline) throw new Error(`${id} was never listed`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('[OPS-2] [OPS-3] a Temporal server that speaks TLS and asks for a key', () => {
  let server: Http2SecureServer;
  const sessions = new Set<Http2Session>();
  let cert = '';
  let address = '';
  beforeAll(async () => {
    cert = join(folder, 'cert.pem');
    const key = join(folder, 'key.pem');
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const files = ['-keyout', key, '-out', cert];
    const args = ['req', '-x509', ...curve, '-nodes', '-days', '2', ...names, ...files];
    execFileSync('openssl', args, { stdio: 'ignore' });
    server = createSecureServer({ key: readFileSync(key), cert: readFileSync(cert) });
    // As a frontend answers whoever it does not know: gRPC's UNAUTHENTICATED.
    server.on('stream', (stream) => {
      const status = { 'grpc-status': '16', 'grpc-message': 'Request unauthorized.' };
      stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...status });
      stream.end();
    });
    server.on('sessionError', () => undefined);
    server.on('session', (session) => sessions.add(session));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    for (const each of sessions) each.destroy();
    server?.close();
  });

  test('plain text, a certificate that nobody vouches for, no key, and a wrong one', async () => {
    const line = (more: NodeJS.ProcessEnv) =>
      told({ ...env, TEMPORAL_ADDRESS: address, ...more }, 'Temporal');
    expect(await line({})).toMatch(/^wrong: .*hangs up on plain text.* → set TEMPORAL_TLS=true/);
    expect(await line({ TEMPORAL_TLS: 'true' })).toMatch(
      /^wrong: .*not trusted here → .*TEMPORAL_TLS_SERVER_CA_CERT_PATH/,
    );
    const trusted = { TEMPORAL_TLS_SERVER_CA_CERT_PATH: cert };
    expect(await line(trusted)).toMatch(
      /^wrong: .*lets nobody in without an API key.* → .*API_KEY/,
    );
    const wrong = await line({ ...trusted, TEMPORAL_API_KEY: 'a-wrong-key' });
    expect(wrong).toMatch(/^wrong: .*lets nobody in with this TEMPORAL_API_KEY.* → /);
    expect(wrong).not.toContain('a-wrong-key');
  });
});
