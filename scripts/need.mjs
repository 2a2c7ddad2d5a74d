/** node scripts/need.mjs NAME…: says which of these variables are empty, and fails if any is. */
const missing = process.argv.slice(2).filter((name) => !process.env[name]?.trim());
if (missing.length > 0) {
  process.stderr.write(
    `${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} not set: write the login into .env ` +
      '(docs/ib-gateway.md), then "docker compose up --detach" again\n',
  );
}
process.exit(missing.length > 0 ? 1 : 0);
