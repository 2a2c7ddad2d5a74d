/** Ports for what is started: none that a connection may take before its server does. */
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { freePort, isPortFree } from '../../scripts/infra/ports.js';

const RANGE = '/proc/sys/net/ipv4/ip_local_port_range';
/** Where outgoing connections begin by RFC 6335, for a system that doesn't say. */
const DYNAMIC_FROM = 49_152;

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

function outgoingFrom(): number {
  if (!existsSync(RANGE)) return DYNAMIC_FROM;
  return Number(readFileSync(RANGE, 'utf8').split(/\s+/u)[0]);
}

describe('a free port', () => {
  test('is none that the system gives to outgoing connections', async () => {
    const ports = await Promise.all(Array.from({ length: 50 }, freePort));
    expect(ports.filter((port) => port >= outgoingFrom())).toEqual([]);
  });

  test('is given once', async () => {
    const ports = await Promise.all(Array.from({ length: 200 }, freePort));
    expect(new Set(ports).size).toBe(ports.length);
  });

  test('is free, and is not once something listens there', async () => {
    const port = await freePort();
    expect(await isPortFree(port)).toBe(true);
    const server = createServer();
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    expect(await isPortFree(port)).toBe(false);
  });
});
