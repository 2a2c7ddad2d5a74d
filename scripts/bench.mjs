/** `npm run bench [-- arguments]`: sets the checkout up and measures. See bench/. */
import { bootstrap, built, run } from './lib/bootstrap.mjs';

run(async () => {
  await bootstrap();
  const { main } = await import(built('bench/main.js'));
  const code = await main(process.argv.slice(2));
  process.exit(code);
});
