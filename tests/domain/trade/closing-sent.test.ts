/** A market close as it is sent, and the position that it goes by. */
import { describe, expect, test } from '@jest/globals';
import { isOutdated } from '../../../domain/trade/needs.js';
import { claimActions } from '../../../domain/trade/claim-actions.js';
import { CLOSE, lost, NOW_MS, plan } from './ask.js';
import { claimedBook, granted, placedIn, sender } from './books.js';
import { ENTERED, leg } from './legs.js';

describe('[TRD-6] a market close as it is sent', () => {
  const names = { legId: () => 'CLOSE', clientOrderId: () => 'ref-CLOSE' };
  const sent = (ocaGroup: string | null) => {
    const action = { kind: 'market_close', side: 'SELL', quantity: '10', ocaGroup } as const;
    const claimed = claimActions(
      claimedBook().book,
      [{ ...action, cause: 'close_requested' }],
      [9],
      sender(),
      names,
    );
    return placedIn(granted(claimed).group)[0]?.terms;
  };

  test('beside a stop it outlives the day: its end would take the stop along', () => {
    expect(sent('oca')).toMatchObject({ ocaGroup: 'oca', timeInForce: 'GTC' });
    expect(sent(null)).toMatchObject({ timeInForce: 'DAY' });
  });
});

describe('[TRD-6] a position that was asked for', () => {
  const { actions } = plan([ENTERED, lost('STOP', 1, 'CANCELLED')], CLOSE);
  const asked = (agoMs: number) => ({ brokerNet: '100', brokerNetAtMs: NOW_MS - agoMs });

  test('two seconds before the claim sells nothing more: it is asked for again', () => {
    expect(actions).toMatchObject([{ kind: 'market_close' }]);
    expect(isOutdated(actions, asked(2_000), NOW_MS)).toBe(false);
    expect(isOutdated(actions, asked(2_001), NOW_MS)).toBe(true);
    expect(isOutdated(actions, { brokerNet: null, brokerNetAtMs: null }, NOW_MS)).toBe(true);
  });

  const old = asked(2_001);

  test('nor are exits sized by it, or made larger', () => {
    const stopless = [ENTERED, lost('STOP', 1, 'CANCELLED')];
    const { actions: exits } = plan(stopless);
    expect(exits).toMatchObject([{ kind: 'place_exits' }]);
    expect(isOutdated(exits, asked(2_000), NOW_MS)).toBe(false);
    expect(isOutdated(exits, old, NOW_MS)).toBe(true);
    const isOld = (quantity: string) => {
      const exits = [leg('STOP', { quantity }), leg('TARGET', { quantity })];
      const { actions: resized } = plan([ENTERED, ...exits]);
      expect(resized).toMatchObject([{ kind: 'modify' }, { kind: 'modify' }]);
      return isOutdated(resized, old, NOW_MS, exits);
    };
    expect(isOld('60')).toBe(true);
    expect(isOld('140')).toBe(false);
  });

  test('holds up no protection when it was not asked for, or too old twice before', () => {
    const { actions: exits } = plan([ENTERED, lost('STOP', 1, 'CANCELLED')]);
    expect(isOutdated(exits, { brokerNet: null, brokerNetAtMs: null }, NOW_MS)).toBe(false);
    expect(isOutdated(exits, { ...old, positionMisses: 1 }, NOW_MS)).toBe(true);
    expect(isOutdated(exits, { ...old, positionMisses: 2 }, NOW_MS)).toBe(false);
    // A sale protects nobody so well that it might open the other side.
    expect(isOutdated(actions, { ...old, positionMisses: 2 }, NOW_MS)).toBe(true);
  });
});
