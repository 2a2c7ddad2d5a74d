/** The fence around the client library: a write is a write, or it is known that it wasn't. */
import { afterEach, expect, test } from '@jest/globals';
import { EventName } from '@stoqey/ib';
import { Library } from '../../broker/ibkr/library.js';
import { encodeOrder } from '../../broker/ibkr/encode.js';
import { orderOf, pause, until } from './support/harness.js';
import { startScriptedGateway } from './support/scripted-gateway.js';
import type { ScriptedGateway, ScriptedOptions } from './support/scripted-gateway.js';

const PLACE_ORDER = '3';
const ORDER = encodeOrder(orderOf(1, 'one'), { transmit: true, parentId: 0 });

let gateway: ScriptedGateway;
let library: Library;
let broken: string[];

afterEach(async () => {
  library.destroy();
  await gateway.close();
});

async function connect(options: ScriptedOptions = {}): Promise<void> {
  gateway = await startScriptedGateway(options);
  broken = [];
  library = new Library(
    { host: '127.0.0.1', port: gateway.port, clientId: 7 },
    {
      onMessageLost: () => undefined,
      onBroken: (reason) => {
        broken.push(reason);
        library.destroy();
      },
    },
  );
  let nextIdTold = false;
  library.api.on(EventName.nextValidId, () => {
    nextIdTold = true;
  });
  library.connect();
  await until('the start of the API', () => gateway.ofKind('71').length === 1);
  if (!options.answer) await until('the next id', () => nextIdTold);
}

test('[BRK-2] a group cut short is of unknown outcome and ends the connection', async () => {
  await connect();
  const cutShort = () =>
    library.write(3, (api) => {
      api.placeOrder(ORDER.orderId, ORDER.contract, ORDER.order);
      throw new Error('the second leg could not be encoded');
    });
  expect(cutShort).toThrow(expect.objectContaining({ name: 'UnknownOutcomeError' }));
  expect(broken).toEqual([expect.stringContaining('1 of 3')]);
});

test('[BRK-2] what the library keeps back before the next id dies with it, unsent', async () => {
  await connect({ answer: ([id]) => id === '71' });
  const early = () =>
    library.write(1, (api) => api.placeOrder(ORDER.orderId, ORDER.contract, ORDER.order));
  expect(early).toThrow(expect.objectContaining({ name: 'NotSentError', reason: 'closed' }));
  gateway.sessions[0]?.send(9, 1, 1); // now the library would send what it kept
  await pause(100);
  expect(gateway.ofKind(PLACE_ORDER)).toHaveLength(0);
});

test('[BRK-2] nothing is written to a socket that is closed', async () => {
  await connect();
  library.destroy();
  const late = () =>
    library.write(1, (api) => api.placeOrder(ORDER.orderId, ORDER.contract, ORDER.order));
  expect(late).toThrow(expect.objectContaining({ name: 'NotSentError', reason: 'closed' }));
});

test('[BRK-7] the library holds no message back: 200 are written in one tick', async () => {
  await connect();
  library.write(200, (api) => {
    for (let id = 1; id <= 200; id += 1) api.cancelOrder(id);
  });
  await until('all of them', () => gateway.ofKind('4').length === 200, 1_000);
  const ids = gateway.ofKind('4').map(({ fields }) => Number(fields[1]));
  expect(ids).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
});
