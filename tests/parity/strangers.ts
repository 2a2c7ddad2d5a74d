/** Who may not: unknown ids, another user's rows, tokens that lack a scope. */
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Ways } from './stack.js';
import { eachOf, entering, priced, recorded, same, sound } from './support.js';
import type { Entered, Said, Surface } from './surface.js';

/** What is known of nothing. */
const NOWHERE = (): Entered => ({ tradeId: randomUUID(), orderId: randomUUID() });

const ASKED: readonly (readonly [string, (by: Surface, of: Entered & Of) => Promise<Said>])[] = [
  ['execute', (by, { previewId }) => by.execute(previewId)],
  ['cancel', (by, entered) => by.cancel(entered)],
  ['trade', (by, { tradeId }) => by.trade(tradeId)],
];

interface Of {
  readonly previewId: string;
}

export function strangerCases(ways: () => Ways): void {
  describe('an id', () => {
    test.each(ASKED)('of nothing: %s', async (_name, ask) => {
      const nothing = { ...NOWHERE(), previewId: randomUUID() };
      const said = await eachOf(ways().all, (surface) => ask(surface, nothing));
      expect(said.map(({ code }) => code)).toEqual(ways().all.map(() => 'NOT_FOUND'));
    });

    test('of nothing: what only whole surfaces do', async () => {
      const trade = { tradeId: randomUUID(), signalId: 'never-sent' };
      const { both } = ways();
      for (const ask of [
        (by: (typeof both)[number]) => by.close(trade.tradeId),
        (by: (typeof both)[number]) => by.moveStop(trade.tradeId, '99'),
        (by: (typeof both)[number]) => by.approve(trade),
        (by: (typeof both)[number]) => by.pause('never-seen'),
        (by: (typeof both)[number]) => by.resumeStrategy('never-seen'),
        (by: (typeof both)[number]) => by.requireApproval('never-seen'),
        (by: (typeof both)[number]) => by.setMode('DU9999999', 'HALTED'),
      ]) {
        const said = await eachOf(both, ask);
        expect(said.map(({ code }) => code)).toEqual(['NOT_FOUND', 'NOT_FOUND']);
      }
    });

    test('[API-2] [PRV-3] of another user’s is as one of nothing, and changes nothing', async () => {
      await priced(ways(), 'IBM');
      const { previewId } = await ways().cli.preview(sound('IBM'));
      const entered = await entering(ways(), 'IBM', 'stranger');
      const others = [await ways().httpAs('other'), await ways().mcpAs('other')];
      const audit = await recorded(ways(), async () => {
        for (const [name, ask] of ASKED) {
          for (const by of others) {
            const theirs = await ask(by, { ...entered, previewId: previewId! });
            const nothing = await ask(by, { ...NOWHERE(), previewId: randomUUID() });
            expect([name, by.name, same([theirs, nothing]).code]).toEqual([
              ...[name, by.name, 'NOT_FOUND'],
            ]);
          }
        }
      });
      expect(audit).toEqual([]);
      const { state } = await ways().http.trade(entered.tradeId);
      expect(state).toBe('ENTERING');
    });
  });

  describe('[API-2] a token that may read alone', () => {
    test('previews over HTTP as over MCP, and neither executes nor cancels', async () => {
      await priced(ways(), 'ORCL');
      const entered = await entering(ways(), 'ORCL', 'reader');
      const http = await ways().httpAs('owner', ['read']);
      const mcp = await ways().mcpAs('owner', ['read']);
      const shown = await eachOf<Surface, { state: string | null; previewId: string | null }>(
        [http, mcp],
        (by) => by.preview(sound('ORCL')),
      );
      expect(shown.map(({ state }) => state)).toEqual(['approved', 'approved']);
      const audit = await recorded(ways(), async () => {
        for (const { previewId } of shown) {
          expect((await http.execute(previewId!)).code).toBe('SCOPE_MISSING');
          expect((await mcp.execute(previewId!)).code).toBe('TRADING_NOT_ALLOWED');
        }
        expect((await http.cancel(entered)).code).toBe('SCOPE_MISSING');
        expect((await mcp.cancel(entered)).code).toBe('TRADING_NOT_ALLOWED');
      });
      expect(audit).toEqual([]);
    });

    test('a token without it is shown nothing', async () => {
      const http = await ways().httpAs('owner', ['trade']);
      expect((await http.preview(sound('ORCL'))).code).toBe('SCOPE_MISSING');
      // The protocol itself asks for it: nobody gets as far as a tool.
      await expect(ways().mcpAs('owner', ['trade'])).rejects.toThrow('SCOPE_MISSING');
    });
  });
}
