/** What the wire's tests begin and end with: a gateway over scripted parts, and raw clients of it. */
import { afterEach, expect } from '@jest/globals';
import type { ServerOptions } from '../../../gateway/session/server.js';
import { RawClient } from './raw-client.js';
import { startWireGateway } from './wire-gateway.js';
import type { WireGateway } from './wire-gateway.js';

let gateway: WireGateway | undefined;
const clients: RawClient[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await gateway?.close();
  expect(gateway?.internalErrors).toEqual([]);
  gateway = undefined;
});

/** The test's gateway, without pacing unless wished otherwise; closed at the test's end. */
export async function start(more: Partial<ServerOptions> = {}): Promise<WireGateway> {
  gateway = await startWireGateway({ pacing: 'off', ...more });
  return gateway;
}

/** Lets a client go at the test's end. */
export function kept(client: RawClient): RawClient {
  clients.push(client);
  return client;
}

/** A client of the test's gateway that has been given its id. */
export async function clientOf(clientId: number, offer?: string): Promise<RawClient> {
  return kept(await RawClient.start(gateway?.port ?? 0, clientId, offer));
}

/** Everything the client was sent (from the nth message on) until the answer to a time request sent now. */
export async function settled(client: RawClient, from = 0): Promise<string[][]> {
  const before = client.of(49).length;
  client.send(49, 1);
  await client.waitFor(() => client.of(49).length > before);
  return client.messages.slice(from).filter((fields) => fields[0] !== '49');
}
