/** `npm test [-- jest arguments]`: sets the checkout up and runs the tests. */
import { bootstrap, run } from './lib/bootstrap.mjs';
import { runJest } from './lib/jest.mjs';

run(async () => {
  await bootstrap();
  return runJest(process.argv.slice(2));
});
