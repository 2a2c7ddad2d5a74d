/** What the HTTP API answers with, by the types that are made from its document. */
import type { components, operations } from '../../../sdk/src/generated/api.js';

type Schemas = components['schemas'];

export type Now = Schemas['Now'];
export type Account = Schemas['Account'];
export type AccountDay = Schemas['AccountDay'];
export type Approval = Schemas['Approval'];
export type Attention = Schemas['Attention'];
export type AuditEntry = Schemas['AuditEntry'];
export type Channel = Schemas['Channel'];
export type Connection = Schemas['Connection'];
export type Equity = Schemas['Equity'];
export type Exposure = Schemas['Exposure'];
export type Health = Schemas['Health'];
export type Limit = Schemas['Limit'];
export type Notification = Schemas['Notification'];
export type OpenTrade = Schemas['OpenTrade'];
export type Position = Schemas['Position'];
export type Preview = Schemas['Preview'];
export type ProblemBody = Schemas['Problem'];
export type Reconciliation = Schemas['Reconciliation'];
export type Session = Schemas['Session'];
/** A browser that is logged in, or a token. */
export type LetIn =
  operations['listSessions']['responses'][200]['content']['application/json']['items'][number];
export type Strategy = Schemas['Strategy'];
export type Trade = Schemas['Trade'];
export type TradeWhole = Schemas['TradeWhole'];
export type Bars = Schemas['PriceBars'];
export type Order = TradeWhole['orders'][number];
export type Incarnation = Order['incarnations'][number];
export type Execution = TradeWhole['executions'][number];
export type Decision = TradeWhole['decisions'][number];
export type Sizing = NonNullable<Decision['sizing']>;
export type Command = TradeWhole['commands'][number];
export type TimelineEntry = TradeWhole['timeline'][number];

/** Something that happened to a trade, as the stream tells it. */
export type TradeEvent = TimelineEntry & { readonly trade_id: string };

export type TradeQuery = NonNullable<operations['listTrades']['parameters']['query']>;
/** What a list of trades is narrowed to. */
export type TradeFilters = Omit<TradeQuery, 'limit' | 'cursor'>;
export type TradeStatus = NonNullable<TradeFilters['status']>;
