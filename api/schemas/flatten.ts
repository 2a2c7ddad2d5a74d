/** A flatten, as the document has it. */
import { z } from 'zod';
import type { FlattenedTrade, FlattenView } from '../../contract/views.js';
import { decimal, mode, orNull, text, uuid, viewOf } from './view.js';

const trade = viewOf<FlattenedTrade>()({
  trade_id: uuid,
  account_id: text,
  symbol: text,
  side: text,
  held_quantity: decimal,
  outcome: z.enum(['ending', 'refused', 'failed']).meta({
    description: '`refused`: it is over, or its key is another command’s. `failed`: try it again.',
  }),
  reason: orNull(text),
});

export const flattened = viewOf<FlattenView>()({
  accounts: z
    .array(z.object({ account_id: text, mode }))
    .meta({ description: 'With their modes: none of them opens anything.' }),
  trades: z.array(trade),
  untouched: z
    .array(z.object({ account_id: text, symbol: text, quantity: decimal }))
    .meta({ description: 'Shares that no trade holds: they stay.' }),
}).meta({ id: 'Flattened' });
