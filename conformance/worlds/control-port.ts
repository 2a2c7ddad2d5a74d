/** What the paper gateway's control port does for a world. */
import type { Controls, Disturbance } from '../case.js';
import type { DecimalText } from '../../domain/money.js';

/** A gateway on a busy machine answers late; this long it never takes. */
const ANSWER_LIMIT_MS = 20_000;

/** How long servers are away: long enough to be seen, short enough to be waited for. */
const SERVERS_LOST_SECONDS = 1.5;

const FAULTS: Readonly<Record<Disturbance, Readonly<Record<string, unknown>>>> = {
  'the servers are lost for a while': {
    name: 'connection-lost-1102',
    seconds: SERVERS_LOST_SECONDS,
  },
  'the link is cut': { name: 'connection-cut' },
  'the link is cut after the next order arrived': { name: 'cut-before-ack' },
  'the next order is lost without a word': { name: 'order-dropped' },
};

/**
 * Controls of the paper gateway whose control port this is, on the loopback interface.
 * @param symbol whose price is set.
 * @param calmPrice the price of the beginning, with plenty offered.
 */
export function controlsOf(port: number, symbol: string, calmPrice: DecimalText): Controls {
  const setPrice = async (price: DecimalText, offered?: number): Promise<void> => {
    await post(port, '/prices', {
      [symbol]: offered === undefined ? price : { price, size: offered },
    });
  };
  return {
    setPrice,
    disturb: (what) => post(port, '/faults', FAULTS[what]),
    calm: async () => {
      for (const { name } of Object.values(FAULTS)) await post(port, '/faults', { name, count: 0 });
      await setPrice(calmPrice);
    },
  };
}

/** Sets something at a control port on the loopback interface. @throws Error with what was answered. */
export async function post(port: number, path: string, body: unknown): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
  });
  const text = await response.text();
  if (!response.ok)
    throw new Error(`the control port's ${path} answered ${response.status}: ${text}`);
}
