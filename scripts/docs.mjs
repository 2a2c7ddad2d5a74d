/** `npm run docs [-- --serve [--port N]]`: builds the documentation as a site, and serves it on this machine. */
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildSite, SITE_FOLDER } from './docs/build.mjs';
import { bootstrap, run } from './lib/bootstrap.mjs';
import { projectRoot } from './lib/paths.mjs';
import { createProgress } from './lib/steps.mjs';

const PORT = 4173;

run(async () => {
  const options = { serve: { type: 'boolean' }, port: { type: 'string' } };
  const { values } = parseArgs({ options: /** @type {const} */ (options) });
  const progress = createProgress();
  await bootstrap({ progress, only: [], bundle: false });
  await buildSite(progress);
  if (!values.serve) return 0;
  const { serveSite } = await import('./docs/serve.mjs');
  const { url, close } = await serveSite(
    join(projectRoot(), SITE_FOLDER),
    Number(values.port ?? PORT),
  );
  progress.line(`the documentation is at ${url} (Ctrl-C ends it)`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await close();
  return 0;
});
