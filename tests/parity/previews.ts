/** Previews and their execution through every way in. */
import { describe, expect, test } from '@jest/globals';
import { isProtected } from '../support/at-rest.js';
import type { Ways } from './stack.js';
import { eachOf, priced, recorded, same, sound, withoutActor } from './support.js';
import type { Surface, Wanted } from './surface.js';

/** What each denial is brought about by, of a trade that would pass. */
const DENIED: readonly (readonly [string, Partial<Wanted>])[] = [
  ['NO_STOP', { stop_loss: undefined }],
  ['STOP_WRONG_SIDE', { stop_loss: '105' }],
  ['TARGET_WRONG_SIDE', { take_profit: '90' }],
  ['REWARD_RISK_TOO_LOW', { take_profit: '101' }],
  ['UNKNOWN_SYMBOL', { symbol: 'NOSUCH' }],
  ['POSITION_TOO_LARGE', { quantity: '90000' }],
  ['BELOW_MINIMUM_SIZE', { quantity: '0.5' }],
  ['NO_POSITION', { side: 'SELL', stop_loss: '105', take_profit: '90' }],
  ['ACCOUNT_NOT_AUTHORIZED', { account_id: 'DU9999999' }],
];

/** Bad input, by the field that is told. */
const INVALID: readonly (readonly [string, Partial<Wanted>])[] = [
  ['side', { side: 'HOLD' }],
  ['stop_loss', { stop_loss: '-1' }],
  ['quantity', { quantity: '1e3' }],
];

const MINUTE_S = 60;
/** Of each surface, for four trades. */
const AGED = [
  ['MCD', 'DIS', 'NKE', 'PG'],
  ['JNJ', 'MRK', 'ABT', 'PFE'],
  ['CAT', 'GE', 'HON', 'UPS'],
];
/** One execution, by all surfaces together. */
const AT_ONCE = 50;

export function previewCases(ways: () => Ways): void {
  describe('what a preview shows', () => {
    test.each(DENIED)('[PRV-1] [RSK-1] %s', async (code, change) => {
      await priced(ways(), 'AAPL');
      const wanted = Object.entries({ ...sound('AAPL'), ...change }).filter(([, value]) => value);
      const fields = Object.fromEntries(wanted) as unknown as Wanted;
      const { state, failed } = same(await shownBy(ways(), fields));
      expect([state, failed]).toEqual(['denied', expect.arrayContaining([code])]);
    });

    test.each([
      ['HALTED', 'TRADING_HALTED'],
      ['REDUCING', 'REDUCE_ONLY'],
    ])('[PRV-1] [RSK-5] under the mode %s', async (mode, code) => {
      await ways().stack.db.account.updateMany({ data: { mode } });
      try {
        expect(same(await shownBy(ways(), sound('AAPL'))).failed).toEqual([code]);
      } finally {
        await ways().stack.db.account.updateMany({ data: { mode: 'ACTIVE' } });
      }
    });

    test.each(INVALID)(
      '[SIG-1] a wrong %s is told by its name, and nothing is kept',
      async (field, change) => {
        const before = await ways().stack.db.preview.count();
        const { all } = ways();
        const said = await eachOf(all, (surface) => surface.preview(sound('AAPL', change)));
        expect(said.map(({ outcome }) => outcome)).toEqual(all.map(() => 'refused'));
        expect(said.map(({ paths }) => paths)).toEqual(all.map(() => [field]));
        // A tool has arguments of its own; what else comes is a signal.
        const codes = ['INVALID_SIGNAL', 'INVALID_SIGNAL', 'INVALID_ARGUMENTS'];
        expect(said.map(({ code }) => code)).toEqual(codes);
        expect(await ways().stack.db.preview.count()).toBe(before);
      },
    );
  });

  describe('executing a preview', () => {
    test('[PRV-2] 50 times at once by three surfaces: one order group, and everybody told the same trade', async () => {
      await priced(ways(), 'KO');
      const { all, mcp, stack } = ways();
      const { previewId, state } = await mcp.preview(sound('KO'));
      expect(state).toBe('approved');
      const before = (await ways().ledger()).orders.length;
      const asked = Array.from({ length: AT_ONCE }, (_, at) => all[at % all.length]!);
      const audit = await recorded(ways(), async () => {
        const said = await eachOf(asked, (surface) => surface.execute(previewId!));
        const trades = new Set(said.map(({ tradeId }) => tradeId));
        expect([trades.size, trades.has(null)]).toEqual([1, false]);
        expect(said.filter(({ isNew }) => isNew)).toHaveLength(1);
        expect(said.every(({ outcome }) => outcome === 'done')).toBe(true);
        const [tradeId] = trades;
        await stack.waitFor(tradeId!, isProtected);
      });
      expect((await ways().ledger()).orders).toHaveLength(before + 3);
      expect(audit.map(({ action }) => action)).toEqual(['preview_execute']);
    }, 120_000);

    test('[PRV-2] each leaves the same record, and each gives the others’ trade again', async () => {
      const records = [];
      for (const [index, surface] of ways().all.entries()) {
        const symbol = ['PEP', 'WMT', 'HD'][index]!;
        await priced(ways(), symbol);
        const { previewId } = await surface.preview(sound(symbol));
        const audit = await recorded(ways(), () => surface.execute(previewId!));
        expect(audit.map(({ by }) => by)).toEqual([surface.name === 'http' ? 'api' : surface.name]);
        records.push(withoutActor(audit));
        const again = await eachOf(ways().all, (other) => other.execute(previewId!));
        expect(same(again)).toMatchObject({ outcome: 'done', isNew: false, tradeId: 'ID' });
        expect(new Set(again.map(({ tradeId }) => tradeId)).size).toBe(1);
      }
      expect(records[1]).toEqual(records[0]);
      expect(records[2]).toEqual(records[0]);
    }, 120_000);

    test('[PRV-2] one that shows a denial is refused', async () => {
      const said = await eachOf(ways().all, async (surface) => {
        const { previewId } = await surface.preview(sound('AAPL', { stop_loss: '105' }));
        return surface.execute(previewId!);
      });
      expect(said.map(({ code }) => code)).toEqual(ways().all.map(() => 'PREVIEW_DENIED'));
    });

    test('[PRV-2] by its age: as it is, compared, shown anew, refused', async () => {
      const outcomes = await eachOf(ways().all, (surface, index) =>
        byAge(ways(), surface, AGED[index]!),
      );
      const expected = [
        ...[['done', null] as const, ['done', null] as const],
        ...[['changed', 'PREVIEW_CHANGED'] as const, ['refused', 'PREVIEW_EXPIRED'] as const],
      ];
      expect(outcomes).toEqual(ways().all.map(() => expected));
    }, 120_000);
  });
}

function shownBy({ all }: Ways, wanted: Wanted) {
  return eachOf(all, (surface) => surface.preview(wanted));
}

/** Executed at 4, 6, 14 and 16 minutes, each of another symbol; before the third one the price has moved. */
async function byAge(ways: Ways, surface: Surface, symbols: readonly string[]) {
  const outcomes = [];
  for (const [index, minutes] of [4, 6, 14, 16].entries()) {
    const symbol = symbols[index]!;
    await priced(ways, symbol);
    const { previewId } = await surface.preview(sound(symbol));
    await older(ways, previewId!, minutes * MINUTE_S);
    if (minutes === 14) await priced(ways, symbol, 102);
    const { outcome, code } = await surface.execute(previewId!);
    outcomes.push([outcome, code] as const);
  }
  return outcomes;
}

/** The preview as if it had been made so long before. */
async function older({ stack }: Ways, previewId: string, seconds: number): Promise<void> {
  await stack.db.$executeRaw`
    UPDATE previews SET made_at = made_at - ${seconds} * interval '1 second',
      created_at = created_at - ${seconds} * interval '1 second',
      as_shown_until = as_shown_until - ${seconds} * interval '1 second',
      expires_at = expires_at - ${seconds} * interval '1 second'
     WHERE id = ${previewId}::uuid`;
}
