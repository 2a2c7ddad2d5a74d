/** docs/webhooks.md: its examples become signals as they stand, and its table has every field. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readAlert } from '../../../contract/hooks/alert.js';
import { TRADINGVIEW_FIELDS } from '../../../contract/hooks/tradingview.js';
import { SIGNAL_FIELDS } from '../../../contract/signal.js';

const page = readFileSync(join(process.cwd(), 'docs/webhooks.md'), 'utf8');
const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = '']) => text);

/** As TradingView fills in its placeholders. */
const VALUES: Readonly<Record<string, string>> = {
  '{{exchange}}': 'NASDAQ',
  '{{ticker}}': 'AAPL',
  '{{syminfo.currency}}': 'USD',
  '{{close}}': '181.62',
  '{{timenow}}': '2026-11-23T14:30:05Z',
  '{{strategy.order.action}}': 'buy',
  '{{strategy.order.id}}': 'Long Entry',
  '{{strategy.market_position}}': 'long',
  '{{strategy.prev_market_position}}': 'flat',
};

test('[SIG-6] the examples become signals once their placeholders are filled in', () => {
  expect(examples).toHaveLength(2);
  for (const example of examples) {
    const filled = example.replace(/\{\{[^}]+\}\}/g, (placeholder) => {
      if (VALUES[placeholder] === undefined) throw new Error(`${placeholder} is not known here`);
      return VALUES[placeholder];
    });
    const terms = { template: 'tradingview', strategies: ['momentum'] } as const;
    expect(readAlert(terms, JSON.parse(filled)).signal).toMatchObject({
      ...{ symbol: 'AAPL', currency: 'USD', side: 'BUY', entry_price: '181.62' },
      ...{ stop_loss_pct: '0.02', generated_at: '2026-11-23T14:30:05.000Z' },
    });
  }
});

test('[SIG-6] every field of an alert has a row', () => {
  const named = [...page.matchAll(/^\| `([a-z_]+)` \|/gm)].map(([, name]) => name);
  const own = TRADINGVIEW_FIELDS.filter(
    (field) => field === 'exchange' || !SIGNAL_FIELDS.includes(field),
  );
  expect([...named].sort()).toStrictEqual([...own].sort());
});
