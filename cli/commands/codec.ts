/** `ballast codec`: keys that encrypt what Temporal stores, and where its UI has it opened (OPS-5). */
import { randomBytes } from 'node:crypto';
import { codecPath } from '../../app/payload-codec.js';
import { PAYLOAD_KEY_BYTES } from '../../contract/payload-keys.js';
import { EXIT } from '../exit.js';
import { jsonText } from '../print.js';
import { readConfig } from '../stack.js';
import type { Register } from './context.js';

const NAME_BYTES = 3;

interface Options {
  readonly json?: boolean;
}

export const registerCodec: Register = (program, { io, finish }) => {
  const codec = program.command('codec');
  codec
    .command('key')
    .description('make a key, to be put first in TEMPORAL_PAYLOAD_KEYS')
    .option('--json', 'print as JSON')
    .action(({ json }: Options) => {
      const day = new Date().toISOString().slice(0, 10).replaceAll('-', '');
      // Two of one day are two keys: by its name alone it is known which opens a payload.
      const name = `k${day}-${randomBytes(NAME_BYTES).toString('hex')}`;
      const key = `${name}=${randomBytes(PAYLOAD_KEY_BYTES).toString('base64url')}`;
      io.out(json ? jsonText({ key }) : `${key}\n`);
      finish(EXIT.ok);
    });
  codec
    .command('endpoint')
    .description("print the codec endpoint for Temporal's UI and command line: it is a secret")
    .option('--json', 'print as JSON')
    .action(({ json }: Options) => {
      const config = readConfig(io);
      const endpoint = `http://${config.apiHost}:${config.apiPort}${codecPath(config)}`;
      io.out(json ? jsonText({ endpoint }) : `${endpoint}\n`);
      finish(EXIT.ok);
    });
};
