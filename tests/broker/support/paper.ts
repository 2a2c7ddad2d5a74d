/** The paper gateway as a process of its own, with the account that these tests trade on. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGateway } from '../../support/gateway.js';

export interface Paper {
  readonly port: number;
  readonly controlPort: number;
  /** Sets the mid; the market stands still but for this. */
  setPrice(symbol: string, price: string): Promise<void>;
  /** Arms a fault of the gateway's menu. */
  fault(body: { name: string } & Record<string, unknown>): Promise<void>;
  /** What the gateway's referee found. */
  verdicts(): Promise<Record<string, unknown>>;
  /** Sends it a signal, such as SIGSTOP. */
  signal(name: NodeJS.Signals): void;
  /** Stops it, and starts it again on the same port with the same state. */
  restart(options: { whileDown: () => Promise<void> }): Promise<void>;
  stop(): Promise<void>;
}

const FLAGS = ['--account', 'DU1234567', '--paused', '--seed', '7'];

/** Starts one on free ports with a state folder of its own. */
export async function startPaper(): Promise<Paper> {
  const stateDir = mkdtempSync(join(tmpdir(), 'ballast-broker-'));
  let gateway = await startGateway({ stateDir, flags: FLAGS });
  const { port, controlPort } = gateway;
  return {
    port,
    controlPort,
    setPrice: async (symbol, price) => {
      await gateway.control('/prices', { [symbol]: Number(price) });
    },
    fault: async (body) => {
      await gateway.control('/faults', body);
    },
    verdicts: async () => {
      const ledger = await gateway.control<{ verdicts: Record<string, unknown> }>('/ledger');
      return ledger.verdicts;
    },
    signal: (name) => gateway.signal(name),
    restart: async ({ whileDown }) => {
      await gateway.stop();
      await whileDown();
      gateway = await startGateway({ stateDir, port, controlPort, flags: FLAGS });
    },
    stop: async () => {
      await gateway.stop();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}
