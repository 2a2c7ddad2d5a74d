/** `npm run conformance [-- arguments]`: sets the checkout up and compares. See conformance/. */
import { bootstrap, built, run } from './lib/bootstrap.mjs';

/** 1 means divergences. */
const EXIT_COULD_NOT_RUN = 2;

run(async () => {
  try {
    await bootstrap();
    const { main } = await import(built('conformance/command/main.js'));
    process.exit(await main(process.argv.slice(2)));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(EXIT_COULD_NOT_RUN);
  }
});
