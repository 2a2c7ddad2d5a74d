#!/usr/bin/env node
/** The `ballast` command. Sets the checkout up first where that is needed, and says nothing of it. */
import { bootstrap, built, run } from '../scripts/lib/bootstrap.mjs';
import { createProgress } from '../scripts/lib/steps.mjs';

run(async () => {
  await bootstrap({ progress: createProgress({ quiet: true }) });
  const { main } = await import(built('cli/main.js'));
  return main(process.argv.slice(2));
});
