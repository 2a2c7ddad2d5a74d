/** npm run deploy:env -- PROFILE [--file NAME]: writes the .env that docker-compose.yml asks for. */
import { existsSync, readFileSync, chmodSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from './lib/bootstrap.mjs';
import { completeEnv, isProfile } from './lib/deploy-env.mjs';
import { projectRoot } from './lib/paths.mjs';

const USAGE = `usage: npm run deploy:env -- paper|ib|ib-live [--file .env]
  paper    the paper gateway, which trades at once
  ib       IB Gateway with a paper login; trading stays off until TRADING_ENABLED=true
  ib-live  IB Gateway with a live login; it takes ALLOW_LIVE=true and the account's code as well
`;
/** Passwords are in it. */
const OWNER_ONLY = 0o600;

run(async () => {
  const options = { file: { type: /** @type {const} */ ('string'), default: '.env' } };
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [profile = ''] = positionals;
  if (positionals.length !== 1 || !isProfile(profile)) {
    process.stderr.write(USAGE);
    return 2;
  }
  const file = resolve(projectRoot(), values.file);
  const { text, added } = completeEnv(existsSync(file) ? readFileSync(file, 'utf8') : '', profile);
  writeFileSync(file, text, { mode: OWNER_ONLY });
  chmodSync(file, OWNER_ONLY);
  const what = added.length > 0 ? `wrote ${added.join(', ')}` : 'nothing was missing';
  process.stdout.write(`${values.file}: ${what}\n`);
  const isEmpty = /^TWS_(USERID|PASSWORD)=\s*$/m.test(text);
  if (isEmpty) process.stdout.write('write the login into it: TWS_USERID and TWS_PASSWORD\n');
  const named = values.file === '.env' ? '' : ` --env-file ${values.file}`;
  process.stdout.write(`then: docker compose${named} up --detach --build\n`);
  return 0;
});
