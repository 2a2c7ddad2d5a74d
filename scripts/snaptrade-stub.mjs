/** `npm run snaptrade:stub [-- arguments]`: sets the checkout up and runs the stub. See snaptrade-stub/. */
import { bootstrap, built, run } from './lib/bootstrap.mjs';

run(async () => {
  await bootstrap();
  const { main } = await import(built('snaptrade-stub/main.js'));
  process.exit(await main(process.argv.slice(2)));
});
