/** A paper gateway of the command's own: what the account is compared with. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/lib/paths.mjs';
import { startNodeChild } from '../../supervisor/node-child.js';

export interface OwnGateway {
  readonly port: number;
  readonly controlPort: number;
  /** Ends it, and drops its state. */
  stop(): Promise<void>;
}

/** It takes some 300 ms; a busy machine ten times as long. */
const READY_LIMIT_MS = 30_000;

/**
 * Starts one on free ports whose market stands still.
 * @param isAlwaysOpen else it has the exchange's hours.
 * @throws Error with the end of its log when it doesn't start
 */
export async function startOwnGateway(account: string, isAlwaysOpen: boolean): Promise<OwnGateway> {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-conformance-'));
  const logFile = join(folder, 'gateway.log');
  const drop = () => rmSync(folder, { recursive: true, force: true });
  try {
    const child = await startNodeChild({
      name: 'the paper gateway',
      script: join(projectRoot(), 'dist', 'gateway', 'main.js'),
      args: [
        ...['--port', '0', '--control-port', '0', '--state', join(folder, 'state')],
        ...['--account', account, '--paused', '--hours', isAlwaysOpen ? 'always' : 'exchange'],
      ],
      env: process.env,
      logFile,
      readyLimitMs: READY_LIMIT_MS,
    });
    const stop = async () => {
      await child.stop();
      drop();
    };
    return { ...portsIn(readFileSync(logFile, 'utf8')), stop };
  } catch (error) {
    drop();
    throw error;
  }
}

function portsIn(log: string): Pick<OwnGateway, 'port' | 'controlPort'> {
  const found = /^ready (\{.*\})$/m.exec(log);
  if (!found) throw new Error(`the paper gateway named no ports: ${log}`);
  return JSON.parse(found[1]!) as { port: number; controlPort: number };
}
