/** Symptoms between this machine and the terminal. */
import { RawClient } from '../../gateway/support/raw-client.js';
import { isAtRest } from '../../support/at-rest.js';
import { NOWHERE, type Scene } from './stage.js';

const CLIENT_ID = 17;
/** Long enough to be looked at. */
const OUTAGE_S = 12;

const wrongPort: Scene = async ({ runWith, run }) => {
  const [, port = ''] = NOWHERE.split(':');
  await runWith({ IBKR_PORT: port }, 'doctor');
  expectText((await run(['doctor'])).out, 'open at 127.0.0.1:');
};

const clientIdTaken: Scene = async ({ stack, until }) => {
  await stack.killWorker('broker-worker');
  const other = await RawClient.startOnceFree(stack.gateway.port, CLIENT_ID);
  const started = stack.startWorker('broker-worker');
  try {
    await until('client id in use', 'doctor');
  } finally {
    other.socket.destroy();
    await started;
  }
  await until('is ready, client', 'doctor');
};

const readOnly: Scene = async ({ stack, signal, until, tradeOf }) => {
  await stack.gateway.control('/terminal', { read_only: true });
  await signal({ id: 'read-only', strategy_id: 'read-only', symbol: 'MSFT', quantity: '10' });
  await until('Read-Only', 'trade', 'read-only');
  await stack.gateway.control('/terminal', { read_only: false });
  await signal({ id: 'read-only-2', strategy_id: 'read-only', symbol: 'MSFT', quantity: '10' });
  await tradeOf('read-only-2', isAtRest);
};

const precaution: Scene = async ({ stack, signal, until, tradeOf }) => {
  await stack.gateway.control('/terminal', { order_size_max: 5 });
  await signal({ id: 'size', strategy_id: 'size', symbol: 'KO', quantity: '10' });
  await until('Size Limit', 'trade', 'size');
  await stack.gateway.control('/terminal', { order_size_max: null });
  await signal({ id: 'size-2', strategy_id: 'size', symbol: 'KO', quantity: '10' });
  await tradeOf('size-2', isAtRest);
};

const noMarketData: Scene = async ({ restartGateway, signal, tradeOf }) => {
  await restartGateway('--data', 'delayed');
  await signal({ id: 'delayed', strategy_id: 'delayed', symbol: 'IBM', quantity: '10' });
  await tradeOf('delayed', ({ state }) => state === 'DENIED');
  await restartGateway();
  await signal({ id: 'live', strategy_id: 'delayed', symbol: 'IBM', quantity: '10' });
  await tradeOf('live', isAtRest);
};

const serversLost: Scene = async ({ stack, until }) => {
  await stack.gateway.control('/faults', { name: 'connection-lost-1102', seconds: OUTAGE_S });
  await until("lost the broker's servers", 'doctor');
  await until('is ready, client', 'doctor');
};

function expectText(text: string, part: string): void {
  if (!text.includes(part)) throw new Error(`"${part}" is not in:\n${text}`);
}

export const CONNECTING: Readonly<Record<string, Scene>> = {
  'The port is wrong, or nothing listens there': wrongPort,
  'The client id is taken': clientIdTaken,
  'The API is read-only': readOnly,
  'An order precaution refuses the order': precaution,
  'No market data': noMarketData,
  "The broker's servers are away": serversLost,
};
