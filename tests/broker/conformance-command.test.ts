/** `npm run conformance`, with a second paper gateway in the place of the account. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { main } from '../../conformance/command/main.js';
import { startGateway } from '../support/gateway.js';
import type { TestGateway } from '../support/gateway.js';
import { startScriptedGateway } from './support/scripted-gateway.js';
import { clientOf, orderOf, placing, ready, until, write } from './support/harness.js';

const ACCOUNT = 'DU1234567';
const PLACE_ORDER = '3';
/** Two gateways, and each case twice. */
const LIMIT_MS = 120_000;

let account: TestGateway | null = null;

afterEach(async () => {
  await account?.stop();
  account = null;
});

async function anAccount(...flags: string[]): Promise<TestGateway> {
  account = await startGateway({ flags: ['--account', ACCOUNT, '--paused', ...flags] });
  await account.control('/prices', { SPY: 100 });
  return account;
}

interface Ended {
  readonly code: number;
  readonly told: string;
}

async function conformance(...args: string[]): Promise<Ended> {
  const lines: string[] = [];
  const code = await main(args, (line) => lines.push(line));
  return { code, told: lines.join('\n') };
}

/** The command line for the account, with what is given last in the place of what is usual. */
function compared(gateway: TestGateway, ...args: string[]): Promise<Ended> {
  return conformance(
    ...['--port', String(gateway.port), '--client-id', '40', '--account', ACCOUNT],
    ...['--symbol', 'SPY', '--quiet-ms', '250', '--i-know-this-sends-orders'],
    ...args,
  );
}

interface Ledger {
  readonly orders: readonly { readonly orderRef: string; readonly status: string }[];
  readonly positions: readonly { readonly symbol: string; readonly position: string }[];
}

const LIVE = ['PreSubmitted', 'Submitted', 'PendingCancel'];

describe('what is played', () => {
  test(
    '[BRK-9] an account that does as the gateway does has no divergence: exit code 0',
    async () => {
      const gateway = await anAccount();
      const only = 'C-01,C-12,C-21,C-29,C-33,C-41,C-44,C-55,C-60,C-66,C-70';
      const control = ['--control-port', String(gateway.controlPort)];
      const { code, told } = await compared(gateway, '--only', only, ...control);
      expect(told).toContain('11 cases compared, no divergence');
      expect(code).toBe(0);
    },
    LIMIT_MS,
  );

  test(
    '[BRK-9] one with other rules for exits is told, observation by observation: exit code 1',
    async () => {
      const other = ['--children', 'full_size_on_first_fill', '--parent-cancel', 'kills'];
      const gateway = await anAccount(...other);
      const control = ['--control-port', String(gateway.controlPort)];
      const { code, told } = await compared(gateway, '--only', 'C-29,C-30,C-41', ...control);
      expect(told).toMatch(
        /entry filled in part: the stop is\n.*gateway says: ACCEPTED for 4\n.*account says: +ACCEPTED for 10/,
      );
      expect(told).toMatch(
        /its rest cancelled: the stop is\n.*gateway says: ACCEPTED for 4\n.*account says: +CANCELLED/,
      );
      expect(told).toMatch(/C-30 [^\n]*: the same/);
      expect(told).toMatch(/C-41 [^\n]*: the same/);
      expect(code).toBe(1);
    },
    LIMIT_MS,
  );

  test(
    '[BRK-9] what it made it takes back; what others made stays: orders and shares',
    async () => {
      const gateway = await anAccount();
      const other = await ready(clientOf(gateway.port, { clientId: 9 }));
      const held = orderOf(1, 'held', { orderType: 'MKT', limitPrice: null, quantity: '3' });
      await write(other.broker, placing(held, orderOf(2, 'theirs', { limitPrice: '60' })));
      await until('both', () => other.events.filter(({ kind }) => kind === 'order').length > 2);
      const only = 'C-12,C-21,C-39,C-44,C-48,C-66,C-67,C-26';
      const { code, told } = await compared(gateway, '--only', only);
      await other.broker.close();
      expect(told).toContain('not possible here, it needs: prices: C-26');
      expect(told).toContain('7 cases compared, no divergence');
      const { orders, positions } = await gateway.control<Ledger>('/ledger');
      const alive = orders.filter(({ status }) => LIVE.includes(status));
      expect(alive.map(({ orderRef }) => orderRef)).toEqual(['theirs']);
      expect(positions).toMatchObject([{ symbol: 'SPY', position: '3' }]);
      expect(code).toBe(0);
    },
    LIMIT_MS,
  );

  test(
    '[BRK-9] an order that can not be taken back is told, and is no success',
    async () => {
      const gateway = await anAccount();
      await gateway.control('/faults', { name: 'cancel-dropped', count: 50 });
      const { code, told } = await compared(gateway, '--only', 'C-12');
      expect(told).toMatch(
        /left behind, clear it away by hand:\n +order cf\w+-c12-order .*ACCEPTED/,
      );
      expect(code).toBe(1);
      await gateway.control('/faults', { name: 'cancel-dropped', count: 0 });
      const again = await compared(gateway, '--only', 'C-04');
      expect(again.told).toMatch(/an earlier run left order cf\w+-c12-order/);
    },
    LIMIT_MS,
  );
});

describe('what is refused', () => {
  test.each([
    ['an account that is none of paper', ['--account', 'U1234567'], /no paper account/],
    ['a name that only begins like one', ['--account', 'DUMMY'], /no paper account/],
    ['the live port of TWS', ['--port', '7496'], /live accounts/],
    ['the live port of IB Gateway', ['--port', '4001'], /live accounts/],
    ['a larger order', ['--quantity', '11'], /from 1 to 10/],
    ['an unknown case', ['--only', 'C-999'], /no case C-999/],
    ['an account that does not answer', ['--port', '1'], /can't be reached/],
  ])(
    '[BRK-9] %s: exit code 2',
    async (_what, args, why) => {
      const usual = [
        '--port',
        '4002',
        '--client-id',
        '40',
        '--account',
        ACCOUNT,
        '--symbol',
        'SPY',
      ];
      const { code, told } = await conformance(...usual, '--i-know-this-sends-orders', ...args);
      expect(told).toMatch(why);
      expect(code).toBe(2);
    },
    LIMIT_MS,
  );

  test('[BRK-9] without the word that it sends orders nothing is connected', async () => {
    const gateway = await anAccount();
    const args = ['--port', String(gateway.port), '--client-id', '40', '--account', ACCOUNT];
    const { code, told } = await conformance(...args, '--symbol', 'SPY');
    expect(told).toContain('--i-know-this-sends-orders');
    expect(code).toBe(2);
    const { messages } = await gateway.control<{ messages: { connects: number } }>('/ledger');
    expect(messages.connects).toBe(0);
  });

  test('[BRK-9] a login that reports a live account beside the paper one: nothing is sent', async () => {
    const login = await startScriptedGateway({ accounts: `${ACCOUNT},U7654321` });
    try {
      const usual = ['--client-id', '40', '--account', ACCOUNT, '--symbol', 'SPY'];
      const port = ['--port', String(login.port), '--i-know-this-sends-orders'];
      const { code, told } = await conformance(...usual, ...port);
      expect(told).toContain('U7654321, no paper account: never');
      expect(code).toBe(2);
      expect(login.ofKind(PLACE_ORDER)).toEqual([]);
    } finally {
      await login.close();
    }
  });

  test('[BRK-9] a login of another paper account: nothing is sent', async () => {
    const gateway = await anAccount();
    const { code, told } = await compared(gateway, '--account', 'DU999');
    expect(told).toContain(`reports ${ACCOUNT}, and not DU999`);
    expect(code).toBe(2);
    expect((await gateway.control<Ledger>('/ledger')).orders).toEqual([]);
  });
});
