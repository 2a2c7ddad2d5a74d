-- The outbox gets an order of its own: rows of one trade are written under its lock, so they count up as they
-- became true, which the beginning of their transactions does not say. What was written so far was never to be sent.
ALTER TABLE notifications
  ADD COLUMN serial BIGSERIAL,
  ADD COLUMN routed_at TIMESTAMPTZ(6),
  DROP COLUMN sent_at,
  DROP COLUMN attempts;
UPDATE notifications SET routed_at = now();
CREATE UNIQUE INDEX notifications_serial_key ON notifications (serial);
CREATE INDEX notifications_unrouted ON notifications (serial) WHERE routed_at IS NULL;

CREATE TABLE notification_channels (
  name TEXT PRIMARY KEY,
  holder TEXT,
  lease_until TIMESTAMPTZ(6),
  seen_at TIMESTAMPTZ(6) NOT NULL DEFAULT now(),
  blocked_until TIMESTAMPTZ(6),
  failures INTEGER NOT NULL DEFAULT 0,
  last_error TEXT,
  last_sent_at TIMESTAMPTZ(6)
);

CREATE TABLE notification_deliveries (
  id UUID PRIMARY KEY,
  notification_id UUID NOT NULL REFERENCES notifications (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  channel TEXT NOT NULL,
  serial BIGINT NOT NULL,
  trade_id UUID,
  state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent', 'given_up')),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at TIMESTAMPTZ(6) NOT NULL DEFAULT now(),
  sending_since TIMESTAMPTZ(6),
  last_error TEXT,
  done_at TIMESTAMPTZ(6),
  summed_up BOOLEAN NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX notification_deliveries_notification_id_channel_key
  ON notification_deliveries (notification_id, channel);
-- The notifier asks for these every second: there are few, whatever there was before.
CREATE INDEX notification_deliveries_pending ON notification_deliveries (channel, serial) WHERE state = 'pending';
CREATE INDEX notification_deliveries_of_trade
  ON notification_deliveries (channel, trade_id, serial) WHERE state = 'pending';
CREATE INDEX notification_deliveries_given_up
  ON notification_deliveries (channel) WHERE state = 'given_up' AND NOT summed_up;
