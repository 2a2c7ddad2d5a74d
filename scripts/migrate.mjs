/** node scripts/migrate.mjs [DATABASE_URL]: applies prisma/migrations; the environment's by default. */
import { bootstrap, built, run } from './lib/bootstrap.mjs';

run(async () => {
  const url = process.argv[2] ?? process.env.DATABASE_URL;
  if (!url) {
    process.stderr.write('usage: node scripts/migrate.mjs DATABASE_URL\n');
    return 2;
  }
  await bootstrap({ only: ['scripts'], bundle: false });
  const { migrate } = await import(built('scripts/infra/migrate.js'));
  const applied = await migrate(url);
  process.stdout.write(applied.length ? `applied ${applied.join(', ')}\n` : 'up to date\n');
  return 0;
});
