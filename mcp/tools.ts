/** All tools, in the order in which they are listed. */
import type { Tool } from './tool.js';
import { getAccounts, getPnl, getPositions } from './tools/account.js';
import { getHealth, getRisk } from './tools/control.js';
import { cancelOrder, getOrders } from './tools/orders.js';
import { executeTrade, previewTrade } from './tools/previews.js';
import { getTrade, getTrades } from './tools/trades.js';

export const TOOLS: readonly Tool[] = [
  ...[previewTrade, executeTrade],
  ...[getOrders, cancelOrder],
  ...[getTrades, getTrade],
  ...[getPositions, getAccounts, getPnl],
  ...[getRisk, getHealth],
];
