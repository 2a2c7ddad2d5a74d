/** node scripts/new-migration.mjs NAME: writes the migration that the schema's changes need. */
import { bootstrap, built, run } from './lib/bootstrap.mjs';

run(async () => {
  const name = process.argv[2];
  if (!name || !/^[a-z][a-z0-9_]*$/.test(name)) {
    process.stderr.write('usage: node scripts/new-migration.mjs NAME (words with underscores)\n');
    return 2;
  }
  await bootstrap({ only: ['scripts'], bundle: false });
  const { newMigration } = await import(built('scripts/infra/new-migration.js'));
  const folder = await newMigration(name);
  process.stdout.write(
    folder
      ? `prisma/migrations/${folder}/migration.sql written; it applies to an empty database\n`
      : 'the schema says nothing that the migrations do not say already\n',
  );
  return 0;
});
