/**
 * Where a worker exposes its metrics: an address of this machine alone, without a token. They name no account, but for
 * the task queues in those of Temporal's SDK.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TEXT_TYPE } from './text.js';

const HOST = '127.0.0.1';
/** A request without a body is here at once. */
const REQUEST_TIMEOUT_MS = 5_000;
/** Prometheus, and whoever looks by hand. */
const CONNECTIONS_MAX = 10;

export interface MetricsListener {
  readonly port: number;
  close(): void;
}

/**
 * Serves `GET /metrics`. It keeps no process alive.
 * @param port 0 takes any that is free
 * @throws Error when the port is taken
 */
export async function listenForScrapes(
  port: number,
  text: () => Promise<string>,
): Promise<MetricsListener> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    text().then(
      (body) => response.writeHead(200, { 'content-type': TEXT_TYPE }).end(body),
      () => response.writeHead(500).end(),
    );
  });
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.maxConnections = CONNECTIONS_MAX;
  await listening(server, port);
  server.unref();
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.off('error', reject);
      server.on('error', () => undefined); // a scrape that breaks off is nobody's trouble
      resolve();
    });
  });
}
