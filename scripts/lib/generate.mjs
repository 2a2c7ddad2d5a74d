/** What is generated from the sources: the Prisma client and the workflow bundle. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { hashOf, hashOfFiles } from './files.mjs';
import { projectRoot } from './paths.mjs';

/** @param {string} name a dependency @returns {string} its installed version */
function versionOf(name) {
  const manifest = join(projectRoot(), 'node_modules', name, 'package.json');
  return JSON.parse(readFileSync(manifest, 'utf8')).version;
}

/** @param {string} stamp file @param {string} wanted */
function isStamped(stamp, wanted) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
}

/** @param {string} stamp file @param {string} value */
function writeStamp(stamp, value) {
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, value);
}

function clientPaths() {
  const root = projectRoot();
  return {
    schema: join(root, 'prisma', 'schema.prisma'),
    client: join(root, 'store', 'generated'),
    stamp: join(root, 'store', 'generated', '.schema-hash'),
  };
}

function clientStamp() {
  return hashOf(readFileSync(clientPaths().schema), versionOf('prisma'));
}

/** @returns {boolean} whether there is a schema whose client is not yet generated */
export function clientIsStale() {
  const { schema, stamp } = clientPaths();
  return existsSync(schema) && !isStamped(stamp, clientStamp());
}

/** Generates the Prisma client into `store/generated`, without asking the network for anything. */
export async function generateClient() {
  const root = projectRoot();
  const { schema, stamp } = clientPaths();
  const cli = createRequire(import.meta.url).resolve('prisma/build/index.js');
  const env = {
    ...process.env,
    // The client needs no engine, but the command downloads one unless an executable is named.
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  };
  try {
    const args = [cli, 'generate', '--schema', schema];
    await promisify(execFile)(process.execPath, args, { cwd: root, env });
  } catch (error) {
    const output = /** @type {{ stdout?: string, stderr?: string }} */ (error);
    throw new Error(`prisma generate failed:\n${output.stderr ?? ''}${output.stdout ?? error}`, {
      cause: error,
    });
  }
  writeStamp(stamp, clientStamp());
}

function bundlePaths() {
  const root = projectRoot();
  return {
    entry: join(root, 'workflows', 'index.ts'),
    bundle: join(root, 'dist', 'workflow-bundle.js'),
    stamp: join(root, 'dist', '.workflow-bundle-hash'),
  };
}

function bundleStamp() {
  const root = projectRoot();
  const sources = ['workflows', 'domain', 'contract'].map((folder) => join(root, folder));
  return hashOf(hashOfFiles(sources), versionOf('@temporalio/worker'));
}

/** @returns {boolean} whether the workflow code is newer than its bundle */
export function bundleIsStale() {
  const { entry, bundle, stamp } = bundlePaths();
  return existsSync(entry) && !(existsSync(bundle) && isStamped(stamp, bundleStamp()));
}

/** Writes `dist/workflow-bundle.js`, so that no worker has to bundle when it starts. */
export async function bundleWorkflows() {
  const { entry, bundle, stamp } = bundlePaths();
  const wanted = bundleStamp();
  const { bundleWorkflowCode } = await import('@temporalio/worker');
  const { DefaultLogger } = await import('@temporalio/worker');
  /** @type {string[]} */
  const complaints = [];
  const logger = new DefaultLogger('WARN', ({ message }) => void complaints.push(message));
  try {
    const { code } = await bundleWorkflowCode({
      workflowsPath: entry,
      workflowInterceptorModules: [join(dirname(entry), 'trace.ts')],
      failureConverterPath: join(dirname(entry), 'failure-converter.ts'),
      logger,
    });
    mkdirSync(dirname(bundle), { recursive: true });
    writeFileSync(bundle, code);
  } catch (error) {
    throw new Error(
      `the workflows could not be bundled: ${String(error)}
${complaints.join('\n')}`,
      {
        cause: error,
      },
    );
  }
  writeStamp(stamp, wanted);
}
