/** What may be sent to a trade while it runs. Shapes and names are the contract's. */
import { defineSearchAttributeKey } from '@temporalio/common';
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import {
  APPROVE_UPDATE,
  CANCEL_ENTRY_UPDATE,
  CLOSE_TRADE_UPDATE,
  MOVE_STOP_UPDATE,
  MOVE_TARGET_UPDATE,
  REJECT_UPDATE,
  SEARCH_ATTRIBUTES,
  TRADE_CHANGED_SIGNAL,
  TRADE_STORY_QUERY,
  TRAIL_UPDATE,
  type ApprovalInput,
  type CommandAnswer,
  type CommandInput,
  type TradeSnapshot,
  type TradeStory,
} from '../../contract/workflows.js';

export const tradeChanged = defineSignal<[TradeSnapshot]>(TRADE_CHANGED_SIGNAL);
export const closeTrade = defineUpdate<CommandAnswer, [CommandInput]>(CLOSE_TRADE_UPDATE);
export const cancelEntry = defineUpdate<CommandAnswer, [CommandInput]>(CANCEL_ENTRY_UPDATE);
export const moveStop = defineUpdate<CommandAnswer, [CommandInput]>(MOVE_STOP_UPDATE);
export const moveTarget = defineUpdate<CommandAnswer, [CommandInput]>(MOVE_TARGET_UPDATE);
export const trailStop = defineUpdate<CommandAnswer, [CommandInput]>(TRAIL_UPDATE);
export const approveTrade = defineUpdate<CommandAnswer, [ApprovalInput]>(APPROVE_UPDATE);
export const rejectTrade = defineUpdate<CommandAnswer, [ApprovalInput]>(REJECT_UPDATE);
export const storyQuery = defineQuery<TradeStory, []>(TRADE_STORY_QUERY);

export const statusAttribute = defineSearchAttributeKey(SEARCH_ATTRIBUTES.status, 'KEYWORD');
export const protectedAttribute = defineSearchAttributeKey(SEARCH_ATTRIBUTES.isProtected, 'BOOL');
