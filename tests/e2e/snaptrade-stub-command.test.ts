/** The stub as a command: what it prints leads to it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { builtFile } from '../support/built.js';

const run = (...args: string[]) =>
  spawn(process.execPath, [
    ...['--input-type=module', '-e'],
    `import { main } from ${JSON.stringify(builtFile('snaptrade-stub/main.js'))};
     process.exit(await main(${JSON.stringify(args)}));`,
  ]);

test('[BRK-9] the stub prints its settings, answers there, and ends when it is told to', async () => {
  const child = run();
  try {
    let out = '';
    while (!out.includes('control port')) out += String((await once(child.stdout, 'data'))[0]);
    const setting = (name: string) => new RegExp(`^export ${name}=(.+)$`, 'm').exec(out)?.[1];
    expect(setting('BROKER')).toBe('snaptrade');
    const answer = await fetch(`${setting('SNAPTRADE_URL')}/accounts`);
    expect(answer.status).toBe(401);
    const control = /control port is (\S+)/.exec(out)![1];
    expect(await (await fetch(`${control}/prices`)).json()).toHaveProperty('SPY');
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  } finally {
    child.kill('SIGKILL');
  }
}, 30_000);

test('[BRK-9] a port that is none is refused as a wrong command line', async () => {
  const child = run('--port', '70000');
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += String(chunk)));
  expect(await once(child, 'close')).toEqual([2, null]);
  expect(said).toContain('"70000" is no port');
}, 30_000);
