/** `npm run chaos [-- arguments]`: sets the checkout up, disturbs, judges. See chaos/. */
import { bootstrap, built, run } from './lib/bootstrap.mjs';

run(async () => {
  await bootstrap();
  const { main } = await import(built('chaos/main.js'));
  const code = await main(process.argv.slice(2));
  process.exit(code);
});
