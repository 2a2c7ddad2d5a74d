/** What people were told, or are to be, as it is read. */
import type { Json } from './json.js';

export interface DeliveryView {
  readonly channel: string;
  readonly state: 'pending' | 'sent' | 'given_up';
  readonly attempts: number;
  /** Of one that was sent: those whom it did not reach. */
  readonly last_error: string | null;
  /** When it is tried next; null once it is done. */
  readonly next_at: string | null;
  readonly done_at: string | null;
}

export interface NotificationView {
  readonly id: string;
  readonly kind: string;
  readonly trade_id: string | null;
  readonly summary: string;
  readonly detail: Json;
  readonly created_at: string;
  /** Null: no notifier has seen it. */
  readonly routed_at: string | null;
  readonly deliveries: readonly DeliveryView[];
}

export interface ChannelView {
  readonly name: string;
  /** Since a notifier was last at it. */
  readonly silent_ms: number;
  /** In a row. */
  readonly failures: number;
  readonly last_error: string | null;
  readonly last_sent_at: string | null;
  readonly pending: number;
  /** How long the oldest of these has waited; null when none does. */
  readonly oldest_ms: number | null;
  /** Within the last week. */
  readonly given_up: number;
}
