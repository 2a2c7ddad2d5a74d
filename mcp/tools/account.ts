/** Positions, accounts and results. */
import { z } from 'zod';
import { accountDays, listEquity } from '../../app/cash.js';
import { accountsNow } from '../../app/account-now.js';
import { listPositions } from '../../app/reads.js';
import { account, accountDay, equity, position } from '../../api/schemas/account.js';
import { accountId, firstOf, firstRows, limit } from '../fields.js';
import { switchesFrom } from '../../config/index.js';
import { tool } from '../tool.js';

const ofAccount = z.strictObject({ account_id: accountId });

/** Those of an account, or all. */
function among<T extends { readonly account_id: string }>(rows: readonly T[], wanted?: string) {
  return rows.filter(({ account_id: of }) => wanted === undefined || of === wanted);
}

export const getPositions = tool({
  name: 'get_positions',
  title: 'List open positions',
  description:
    'What is held, with its unrealized result and the trades behind it. is_protected false, or a strategy_id of null (held, but opened by nobody here), is something to tell the person.',
  input: ofAccount,
  output: z.object(firstRows(position)),
  handle: async (world, { account_id: of }) =>
    firstOf(among(await listPositions(await world.app()), of)),
});

export const getAccounts = tool({
  name: 'get_account',
  title: 'Show accounts',
  description:
    "Accounts as the broker reported them: net liquidation, available funds, buying power, paper or live, and whether anything may be opened on it. values_at says how old the broker's values are.",
  input: ofAccount,
  output: z.object(firstRows(account)),
  handle: async (world, { account_id: of }) => {
    const app = await world.app();
    const accounts = await accountsNow(app, { switches: switchesFrom(app.config)() });
    return firstOf(among(accounts, of));
  },
});

export const getPnl = tool({
  name: 'get_pnl',
  title: 'Show profit and loss',
  description:
    'The day so far of each account (result, and whether its loss limit is reached), and what accounts were worth before, newest first, with realized and unrealized results.',
  input: z.strictObject({ account_id: accountId, limit }),
  output: z.object({ days: z.array(accountDay), left_out: z.int(), equity: z.array(equity) }),
  handle: async (world, { account_id: of, limit: most }) => {
    const app = await world.app();
    const { items: days, left_out } = firstOf(among(await accountDays(app), of));
    return { days, left_out, equity: await listEquity(app, { account: of ?? null, limit: most }) };
  },
});
