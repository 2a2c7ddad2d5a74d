/** The Python example's client against the real API: nothing is sent twice, whatever breaks. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { token } from '../api/support.js';
import { killableApi, type KillableApi } from './api-process.js';
import { MADE_UP_DAY, madeUpFeed } from './made-up-day.js';
import { hasPython, runExample } from './python-example.js';
import { relayTo, type Relay } from './relay.js';

const describePython = hasPython() ? describe : describe.skip;
if (!hasPython())
  process.stderr.write('skipped: the Python example needs python3 (3.9 or newer)\n');

const SUBMIT = `
import os, sys
from ballast import Ballast, GaveUp, Problem
ballast = Ballast(os.environ["BALLAST_URL"], os.environ["BALLAST_TOKEN"], total_s=float(sys.argv[2]))
signal = {"id": sys.argv[1], "strategy_id": "python", "symbol": "AAA", "side": "BUY", "stop_loss": "99", "quantity": sys.argv[3]}
try:
    print(ballast.submit(signal)["id"])
except (Problem, GaveUp) as error:
    print(type(error).__name__, error)
`;

describePython('examples/python/ballast.py', () => {
  let world: KillableApi;
  let relay: Relay;
  let env: Record<string, string> = {};
  beforeAll(async () => {
    world = await killableApi();
    relay = await relayTo(world.api.port);
    env = { BALLAST_URL: relay.url, BALLAST_TOKEN: await token() };
  }, 90_000);
  afterAll(async () => {
    await relay?.close();
    await world?.stop();
  });

  const submit = (id: string, { totalS = 60, quantity = '1', url = relay.url } = {}) =>
    runExample(['-c', SUBMIT, id, String(totalS), quantity], { ...env, BALLAST_URL: url });
  const tradesOf = async (signalId: string): Promise<string[]> => {
    const rows = await world.db.signal.findMany({ where: { signalId }, include: { trade: true } });
    return rows.flatMap(({ trade }) => (trade ? [trade.id] : []));
  };

  test('[SDK-1] a signal whose answers are lost is one trade', async () => {
    relay.loseAnswers(2);
    const { out, err } = await submit('py-lost');
    expect([err, relay.connections()]).toEqual(['', expect.any(Number)]);
    expect(relay.connections()).toBeGreaterThanOrEqual(3);
    expect(await tradesOf('py-lost')).toEqual([out.trim()]);
  }, 120_000);

  test('[SDK-1] the server is killed in mid-request: one trade', async () => {
    const sent = submit('py-killed', { totalS: 120 });
    while ((await tradesOf('py-killed')).length === 0) continue;
    await world.api.kill();
    await world.api.start();
    const { out } = await sent;
    expect(await tradesOf('py-killed')).toEqual([out.trim()]);
  }, 180_000);

  test('[SDK-1] what is refused is told; what nobody answers is given up in its time', async () => {
    const before = relay.connections();
    const conflict = await submit('py-lost', { quantity: '2' });
    expect(conflict.out).toMatch(
      /^Problem POST \/api\/v1\/signals: 409 SIGNAL_CONFLICT: .*quantity/,
    );
    expect(relay.connections() - before).toBe(1);
    const nobody = await submit('py-nobody', { totalS: 1, url: 'http://127.0.0.1:1' });
    expect(nobody.out).toMatch(/^GaveUp POST \/api\/v1\/signals: given up after \d+ attempts in /);
  }, 60_000);

  test('[SDK-1] live.py, started again over the same quotes, has sent one signal and one close', async () => {
    const strategy = { strategy: { name: 'opening-range' } };
    for (let run = 0; run < 2; run += 1) {
      const { code, out, err } = await runExample(
        ['live.py', '--url', relay.url],
        env,
        madeUpFeed('AAPL'),
      );
      expect([code, err]).toEqual([0, '']);
      expect(out).toMatch(/^10:07:20 AAPL: [A-Z]+/);
    }
    const trades = await world.db.trade.findMany({ where: strategy, include: { signal: true } });
    expect(trades.map(({ signal }) => signal.signalId)).toEqual([`orb-${MADE_UP_DAY}-AAPL`]);
    const commands = await world.db.command.findMany({ where: { tradeId: trades[0]!.id } });
    expect(commands.map(({ key }) => key)).toEqual([`flat-${MADE_UP_DAY}`]);
  }, 120_000);
});
