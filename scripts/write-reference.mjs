/** node scripts/write-reference.mjs: writes the pages that are generated from the code. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bootstrap, built, run } from './lib/bootstrap.mjs';
import { projectRoot } from './lib/paths.mjs';
import { SDK_TYPES, sdkTypes } from './lib/sdk-types.mjs';

run(async () => {
  await bootstrap({ bundle: false });
  const { documentText } = await import(built('api/document-text.js'));
  const { configurationPage, environmentExample } = await import(built('config/document.js'));
  const { notificationsPage } = await import(built('contract/notifications-page.js'));
  const { reasonCodesPage } = await import(built('domain/reasons-page.js'));
  const { updateGatewayPage } = await import(built('gateway/document.js'));
  const { updateFailpointsPage } = await import(built('failpoints/document.js'));
  const { updateMetricsPage } = await import(built('telemetry/page.js'));
  const metricsPage = readFileSync(join(projectRoot(), 'docs/metrics.md'), 'utf8');
  const failpointsPage = readFileSync(join(projectRoot(), 'docs/failpoints.md'), 'utf8');
  const gatewayPage = readFileSync(join(projectRoot(), 'docs/gateway.md'), 'utf8');
  const openapi = await documentText();
  const pages = {
    'docs/failpoints.md': updateFailpointsPage(failpointsPage),
    'docs/gateway.md': updateGatewayPage(gatewayPage),
    'docs/metrics.md': updateMetricsPage(metricsPage),
    'docs/reference/configuration.md': configurationPage(),
    'docs/reference/notifications.md': notificationsPage(),
    'docs/reference/openapi.json': openapi,
    'docs/reference/reason-codes.md': reasonCodesPage(),
    '.env.example': environmentExample(),
    [SDK_TYPES]: await sdkTypes(openapi),
  };
  for (const [path, content] of Object.entries(pages)) {
    const file = join(projectRoot(), path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    process.stdout.write(`${path} written\n`);
  }
});
