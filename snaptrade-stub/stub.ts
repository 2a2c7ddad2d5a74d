/**
 * A stub of SnapTrade: its HTTP API as the official SDK speaks it, with a brokerage behind it whose prices
 * and misfortunes a second port sets. For tests and for trying things out; it holds everything in memory.
 */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Book } from './book.js';
import { createControl } from './control.js';
import { Faults } from './faults.js';
import { DEFAULTS } from './options.js';
import type { StubOptions } from './options.js';
import { createApi } from './server.js';
import type { Asked } from './server.js';

export interface Stub {
  /** What the SDK takes as `basePath`. */
  readonly basePath: string;
  readonly port: number;
  readonly controlPort: number;
  readonly book: Book;
  readonly faults: Faults;
  readonly asked: readonly Asked[];
  stop(): Promise<void>;
}

/** Starts it on the loopback interface. @throws Error when a port is taken. */
export async function startStub(options: Partial<StubOptions> = {}): Promise<Stub> {
  const all = { ...DEFAULTS, ...options };
  const book = new Book(all);
  const faults = new Faults();
  const api = createApi(all, book, faults);
  const control = createControl(book, faults, api.asked);
  const port = await listen(api.server, all.port);
  const controlPort = await listen(control, all.controlPort);
  return {
    ...{ port, controlPort, book, faults, asked: api.asked },
    basePath: `http://127.0.0.1:${port}`,
    stop: async () => {
      await Promise.all([close(api.server), close(control)]);
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** With requests that nobody will ever answer. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
