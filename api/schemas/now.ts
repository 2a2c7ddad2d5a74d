/** What stands now, as the document has it. */
import { z } from 'zod';
import type { NowView, OpenTradeView } from '../../contract/views.js';
import { account, accountDay, connection, position } from './account.js';
import { attention, exposure, modeView } from './control.js';
import { decimal, instant, orNull, text, uuid, viewOf } from './view.js';

const openTrade = viewOf<OpenTradeView>()({
  trade_id: uuid,
  account_id: text,
  symbol: text,
  side: text,
  state: text,
  held_quantity: decimal,
  planned_quantity: orNull(decimal),
  filled_quantity: decimal,
  limit_price: orNull(decimal).meta({ description: 'Of its entry; null at the market.' }),
  stop_price: orNull(decimal),
  is_protected: z
    .boolean()
    .meta({ description: 'Exactly what is held is covered by armed stops, as last known.' }),
  unprotected_since: orNull(instant),
}).meta({ id: 'OpenTrade' });

export const now = viewOf<NowView>()({
  at: instant,
  accounts: z.array(account),
  days: z.array(accountDay),
  connections: z.array(connection),
  positions: z.array(position),
  open: z.array(openTrade),
  exposures: z.array(exposure),
  halted_by: z.array(text),
  modes: z.array(modeView),
  pauses: z.array(attention),
  attention: z.array(attention),
  approvals: z.int().meta({ description: 'How many signals wait for a person.' }),
}).meta({ id: 'Now' });
