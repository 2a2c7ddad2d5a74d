/** Connections and accounts as they are read. */
import type { Json } from './json.js';

export interface ConnectionView {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly client_id: number;
  /** The worker that holds the lease now; null when nobody does. */
  readonly lease_holder: string | null;
  /** Grows each time the lease changes hands. */
  readonly lease_epoch: number;
  /** How long the lease holds unless it is renewed; null without one. */
  readonly lease_left_ms: number | null;
  /** Workers that wait for the lease now, the oldest first. */
  readonly stand_bys: readonly string[];
  /** Since when the link isn't ready; null while it is. */
  readonly down_since: string | null;
  /** Why entries are parked; null while they may go. */
  readonly parked_reason: string | null;
  readonly parked_until: string | null;
  /** When the newest complete picture of the broker was begun. */
  readonly picture_at: string | null;
  /** How long ago the worker last said something of itself. */
  readonly age_ms: number;
  /** Grows with each handshake and each loss of the broker's servers. */
  readonly generation: number;
  /** Ready to trade: leased, connected and in sync. */
  readonly is_ready: boolean;
  readonly last_message_at: string | null;
  readonly clock_skew_ms: number | null;
  /** In the worker's own words. */
  readonly health: Json;
}

export interface AccountView {
  /** IBKR: the account code. */
  readonly account_id: string;
  readonly broker: string;
  readonly connection_id: string;
  readonly is_paper: boolean;
  readonly mode: string;
  readonly base_currency: string;
  readonly net_liquidation: string | null;
  readonly available_funds: string | null;
  readonly buying_power: string | null;
  readonly values_at: string | null;
}
