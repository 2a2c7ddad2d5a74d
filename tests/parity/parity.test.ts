/** Every way in is the same application: the same cases through the command line, HTTP and MCP, over one running system. */
import { afterAll, beforeAll } from '@jest/globals';
import { commandCases } from './commands.js';
import { previewCases } from './previews.js';
import { startWays, type Ways } from './stack.js';
import { strangerCases } from './strangers.js';

let started: Ways;
beforeAll(async () => {
  started = await startWays();
}, 120_000);
afterAll(async () => started?.stop(), 60_000);

const ways = () => started;

previewCases(ways);
strangerCases(ways);
// They end with what holds everything back.
commandCases(ways);
