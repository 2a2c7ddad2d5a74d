#!/usr/bin/env node
/** The `ballast` command. Sets the checkout up first where that is needed, and says nothing of it. */
import { bootstrap, bootstrapInEmergency, built, run } from '../scripts/lib/bootstrap.mjs';
import { commandIsStale } from '../scripts/lib/command.mjs';
import { createProgress } from '../scripts/lib/steps.mjs';

/** What people need when something is wrong: no set-up that fails or takes long holds these up. */
const EMERGENCY = new Set([
  ...['halt', 'resume', 'close', 'cancel', 'positions', 'mode'],
  ...['move-stop', 'move-target', 'trail', 'approve', 'reject', 'flatten'],
]);

run(async () => {
  const progress = createProgress({ quiet: true });
  if (EMERGENCY.has(process.argv[2] ?? '')) await bootstrapInEmergency(progress);
  // Who serves the dashboard's page is started by one command alone.
  else await bootstrap({ progress, page: process.argv[2] === 'up' });
  const { main } = await import(built(commandIsStale() ? 'cli/main.js' : 'command/main.js'));
  return main(process.argv.slice(2));
});
