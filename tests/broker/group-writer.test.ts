/** What order messages hold, field by field, as a gateway receives them. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { bracketing, clientOf, modifying, ofKind, orderOf } from './support/harness.js';
import { ready, until, write } from './support/harness.js';
import type { Client } from './support/harness.js';
import { startScriptedGateway } from './support/scripted-gateway.js';
import type { ScriptedGateway } from './support/scripted-gateway.js';

const PLACE_ORDER = '3';
/** Places of fields in a placeOrder message of server version 193. */
const FIELD = { account: 23, orderRef: 26, transmit: 27, parentId: 28 };
const MESSAGE_FIELDS = 118;

let gateway: ScriptedGateway;
let client: Client;

beforeEach(async () => {
  gateway = await startScriptedGateway();
  client = await ready(clientOf(gateway.port));
});

afterEach(async () => {
  await client.broker.close();
  await gateway.close();
});

async function placed(count: number): Promise<readonly (readonly string[])[]> {
  await until(`${count} orders`, () => gateway.ofKind(PLACE_ORDER).length === count);
  return gateway.ofKind(PLACE_ORDER).map(({ fields }) => fields);
}

test('[BRK-6] a bracket is written whole, held back up to its last leg', async () => {
  await write(client.broker, bracketing(5, 'w', { entry: '90', stop: '80', target: '120' }));
  const messages = await placed(3);
  expect(messages.map((fields) => fields.length)).toEqual(Array(3).fill(MESSAGE_FIELDS));
  expect(messages.map((fields) => fields[FIELD.transmit])).toEqual(['0', '0', '1']);
  expect(messages.map((fields) => fields[FIELD.parentId])).toEqual(['0', '5', '5']);
  expect(messages.map((fields) => fields[FIELD.orderRef])).toEqual([
    'w-entry',
    'w-target',
    'w-stop',
  ]);
  expect(messages.every((fields) => fields[FIELD.account] === 'DU1234567')).toBe(true);
});

test('[BRK-6] a modification keeps the parent that the broker told of, after a restart too', async () => {
  gateway.sessions[0]?.send(3, 6, 'PreSubmitted', 0, 10, 0, 9_006, 5, 0, 7, 'child,trigger', 0);
  await until('the status', () => ofKind(client.events, 'order').length === 1);
  await write(client.broker, modifying(orderOf(6, 'w-stop', { side: 'SELL' })));
  const [message] = await placed(1);
  expect(message?.[FIELD.parentId]).toBe('5');
  expect(message?.[FIELD.transmit]).toBe('1');
});
