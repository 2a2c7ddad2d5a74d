/** `ballast codec`: keys that encrypt what Temporal stores, and where its UI has it opened (OPS-5). */
import { randomBytes } from 'node:crypto';
import { codecPath } from '../../app/payload-codec.js';
import { localUrl } from '../../contract/login.js';
import { PAYLOAD_KEY_BYTES } from '../../contract/payload-keys.js';
import { askApi } from '../doctor/ask-api.js';
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
    .action(async ({ json }: Options) => {
      const config = readConfig(io);
      const url = `http://${config.apiHost}:${config.apiPort}`;
      const endpoint = `${url}${codecPath(config)}`;
      const asked = localUrl(config.apiHost, config.apiPort);
      const answer = await askApi(`${asked}/health`);
      const answers = typeof answer !== 'string';
      io.out(json ? jsonText({ endpoint, answers }) : `${endpoint}\n`);
      if (!answers) {
        io.err(
          `nothing answers there now (${answer}): start it with "npm start", or set API_HOST and API_PORT to where the API is\n`,
        );
      }
      finish(answers ? EXIT.ok : EXIT.unreachable);
    });
};
