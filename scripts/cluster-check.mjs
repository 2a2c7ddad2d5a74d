/**
 * npm run cluster:check: runs the samples of `npm start` against a Temporal cluster on PostgreSQL instead of the development
 * server. The cluster is compiled once (Go is needed, and some minutes), and kept in the user's cache; all else is
 * thrown away.
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap, built, run } from './lib/bootstrap.mjs';
import { openTemporaryFolder } from './lib/files.mjs';
import { projectRoot } from './lib/paths.mjs';
import { createProgress } from './lib/steps.mjs';

/** @param {NodeJS.ProcessEnv} env @returns {Promise<number>} the exit code of the samples */
function samples(env) {
  const args = [join(projectRoot(), 'scripts', 'start.mjs'), '--once'];
  const child = spawn(process.execPath, args, { env, stdio: 'inherit' });
  process.on('SIGINT', () => undefined);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

run(async () => {
  await bootstrap();
  const { clusterPrograms, CLUSTER_VERSION } = await import(
    built('scripts/infra/cluster-programs.js')
  );
  const { prepareSchemas, startCluster } = await import(built('scripts/infra/temporal-cluster.js'));
  const { startPostgres } = await import(built('scripts/infra/postgres.js'));
  const { freePort } = await import(built('scripts/infra/ports.js'));
  const progress = createProgress();
  const folder = openTemporaryFolder('ballast-cluster-');
  /** @type {{ stop: () => Promise<void> }[]} */
  const started = [];
  try {
    const programs = await progress.step(`Temporal server ${CLUSTER_VERSION}`, (note) =>
      clusterPrograms(note),
    );
    const postgres = await progress.step('PostgreSQL for the cluster', async () =>
      startPostgres({
        dataDir: join(folder, 'postgres'),
        port: await freePort(),
        logFile: join(folder, 'postgres.log'),
        durable: true,
      }),
    );
    started.push(postgres.server);
    const options = { programs, databaseUrl: postgres.url, folder };
    await progress.step('its schemas', () => prepareSchemas(options));
    const cluster = await progress.step('the cluster', () => startCluster(options));
    started.push(cluster.server);
    progress.line(`npm start -- --once, with TEMPORAL_ADDRESS=${cluster.address}`);
    const env = {
      ...process.env,
      TEMPORAL_ADDRESS: cluster.address,
      BALLAST_STATE_DIR: join(folder, 'state'),
    };
    const code = await progress.step('the samples', () => samples(env));
    progress.line(code === 0 ? 'all samples ended as they should' : `they ended with code ${code}`);
    return code;
  } finally {
    for (const part of started.reverse()) await part.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
