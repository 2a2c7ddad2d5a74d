/**
 * `npm run coverage`: which branches of risk validation and sizing their own tests take, as a table. Fails
 * below all of them: a branch that no test takes is a limit that nobody has seen hold (RSK-7).
 */
import { rmSync } from 'node:fs';
import { bootstrap, run } from './lib/bootstrap.mjs';
import { openTemporaryFolder } from './lib/files.mjs';
import { runJest } from './lib/jest.mjs';

const FOLDERS = ['domain/risk', 'domain/sizing'];

run(async () => {
  await bootstrap();
  const scratch = openTemporaryFolder('ballast-coverage-');
  try {
    return await runJest([
      ...FOLDERS.map((folder) => `tests/${folder}`),
      ...['--coverage', '--coverageReporters=text', `--coverageDirectory=${scratch}`],
      ...FOLDERS.map((folder) => `--collectCoverageFrom=${folder}/**/*.ts`),
      `--coverageThreshold=${JSON.stringify({ global: { branches: 100, functions: 100 } })}`,
    ]);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});
