/** `npm start`: sets the checkout up and runs everything. See supervisor/. */
import { bootstrap, built, run } from './lib/bootstrap.mjs';

run(async () => {
  await bootstrap();
  const { main } = await import(built('supervisor/main.js'));
  const code = await main(process.argv.slice(2));
  // Nothing is left to do; a native handle must not keep the process.
  process.exit(code);
});
