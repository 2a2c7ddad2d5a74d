import { defineConfig } from 'prisma/config';

/** Where Prisma finds the schema and its migrations; the address comes from the environment. */
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env['DATABASE_URL'] ?? '' },
});
