/** The floor's broker process: the same client, the same turns to write, and no database. */
import { createIbkrBroker } from '../../broker/ibkr/index.js';
import type { BrokerPort } from '../../broker/port.js';
import { loadConfig } from '../../config/index.js';
import { createLogger } from '../../config/logger.js';
import type { OrderTerms } from '../../domain/orders/terms.js';
import type { OrderToSend } from '../../contract/sending.js';
import { approve } from '../../domain/risk/approved.js';
import { exitTerms, stopExit, targetExit } from '../../domain/trade/bracket.js';
import { announceReady, runProcess } from '../../worker/process.js';
import { temporalSettings } from '../../worker/settings.js';
import {
  connectNative,
  createActivityWorker,
  installRuntime,
} from '../../worker/temporal-worker.js';
import { FLOOR_BROKER_QUEUE, type FloorActivities } from './contract.js';

/** Not the client id of the worker that is measured: both are connected at once. */
const CLIENT_ID = 99;
const ENTRIES_AT_ONCE = 100;
const READY_POLL_MS = 50;
/** An entry and its two exits. */
const MESSAGES = 3;
/** Within the time that the workflow gives the activity. */
const TURN_WAIT_MS = 20_000;
/** A limit far below the market rests: it is received, and nothing else happens. */
const RESTING_LIMIT = '1';

const config = loadConfig();
const log = createLogger('floor-broker-worker', 'warn');

await runProcess(log, async (stop) => {
  installRuntime(log);
  const broker = createIbkrBroker({
    host: config.ibkrHost,
    port: config.ibkrPort,
    clientId: CLIENT_ID,
    allowLive: false,
    authorizedAccounts: [],
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  const account = await connect(broker);
  const settings = temporalSettings(config);
  const connection = await connectNative(settings);
  const activities: FloorActivities = { sendThree: sender(broker, account) };
  const worker = await createActivityWorker(
    {
      connection,
      namespace: settings.namespace,
      taskQueue: FLOOR_BROKER_QUEUE,
      activities: { ...activities },
    },
    ENTRIES_AT_ONCE,
  );
  stop.signal.addEventListener('abort', () => worker.shutdown());
  announceReady();
  await worker.run();
  await broker.close();
  await connection.close();
});

async function connect(broker: BrokerPort): Promise<string> {
  broker.open();
  while (!broker.state().ready) {
    const { accounts, nextValidId } = broker.state();
    if (accounts.length > 0 && nextValidId !== null)
      broker.declareSynced(broker.state().generation);
    await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS));
  }
  return broker.state().accounts[0]!;
}

function sender(broker: BrokerPort, account: string): FloorActivities['sendThree'] {
  let nextId = broker.state().nextValidId ?? 1;
  const order = (suffix: string, reference: string, terms: OrderTerms): OrderToSend => ({
    clientOrderId: `${reference}-${suffix}`,
    sessionOrderId: nextId++,
    account,
    instrument: { symbol: 'AAPL', securityType: 'STK', exchange: 'SMART', currency: 'USD' },
    terms,
  });
  return async (reference) => {
    const deadlineMs = Date.now() + TURN_WAIT_MS;
    const slot = await broker.openSlot({ messages: MESSAGES, priority: 'entry', deadlineMs });
    const entry = {
      ...exitTerms('BUY', '1', null),
      orderType: 'LMT' as const,
      limitPrice: RESTING_LIMIT,
    };
    const bracket = {
      entry: order('e', reference, entry),
      exits: [
        order('t', reference, targetExit('SELL', '1', '2', reference)),
        order('s', reference, stopExit('SELL', '1', '0.5', reference)),
      ],
    };
    const approved = approve(bracket, { decisionId: 'floor', verdict: 'approved' });
    slot.write({ cancelsFirst: [], bracket: approved, messages: [] }, () => undefined);
  };
}
