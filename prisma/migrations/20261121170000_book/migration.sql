-- Every write of a leg is an incarnation: placings, modifications and cancels alike, each with its state.
-- What was kept beside them on the order (a modification under way, or refused) is read from them.

ALTER TABLE connections ADD COLUMN generation BIGINT NOT NULL DEFAULT 0;

ALTER TABLE order_incarnations
  ADD COLUMN n INTEGER,
  ADD COLUMN kind TEXT NOT NULL DEFAULT 'place',
  ADD COLUMN state TEXT,
  ADD COLUMN generation BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN group_key TEXT NOT NULL DEFAULT '',
  ADD COLUMN terms JSONB,
  ADD COLUMN broker_order_ids TEXT[] NOT NULL DEFAULT '{}',
  ADD COLUMN id_refused BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN missed_generation BIGINT,
  ADD COLUMN missed_at TIMESTAMPTZ(6);

ALTER TABLE order_incarnations RENAME COLUMN sending_at TO claimed_at;

UPDATE order_incarnations i
   SET n = numbered.n,
       group_key = o.trade_id::text || '/' || numbered.n,
       terms = o.terms,
       broker_order_ids = CASE WHEN i.broker_order_id IS NULL THEN '{}' ELSE ARRAY[i.broker_order_id] END,
       state = CASE
         WHEN i.outcome = 'not_written' THEN 'NOT_WRITTEN'
         WHEN i.outcome = 'absent' THEN 'ABSENT'
         WHEN o.intent = 'SENT' AND o.status IN ('EXECUTED', 'CANCELLED', 'REJECTED', 'EXPIRED') THEN 'ENDED'
         WHEN o.intent = 'SENT' THEN 'SHOWN'
         WHEN o.status = 'FAILED' THEN 'NOT_WRITTEN'
         ELSE 'UNKNOWN' END
  FROM orders o,
       (SELECT id, row_number() OVER (PARTITION BY order_row_id ORDER BY claimed_at, id) AS n
          FROM order_incarnations) numbered
 WHERE o.id = i.order_row_id AND numbered.id = i.id;

DROP INDEX order_incarnations_connection_id_session_order_id_key;
DROP INDEX order_incarnations_broker_order_id_idx;
DROP INDEX order_incarnations_order_row_id_idx;

INSERT INTO order_incarnations (id, user_id, order_row_id, connection_id, client_id, session_order_id,
                                lease_epoch, broker_day, claimed_at, written_at, n, kind, state, terms,
                                group_key)
SELECT gen_random_uuid(), o.user_id, o.id, i.connection_id, i.client_id, i.session_order_id,
       i.lease_epoch, i.broker_day, coalesce(o.pending_since, o.updated_at), NULL, i.n + 1,
       CASE WHEN o.pending_terms IS NULL THEN 'cancel' ELSE 'modify' END, 'UNKNOWN', o.pending_terms,
       i.group_key || '+'
  FROM orders o
  JOIN order_incarnations i ON i.order_row_id = o.id
   AND i.n = (SELECT max(n) FROM order_incarnations WHERE order_row_id = o.id)
 WHERE o.pending_terms IS NOT NULL OR o.status = 'CANCEL_PENDING';

ALTER TABLE order_incarnations
  ALTER COLUMN n SET NOT NULL,
  ALTER COLUMN state SET NOT NULL,
  ALTER COLUMN kind DROP DEFAULT,
  ALTER COLUMN generation DROP DEFAULT,
  ALTER COLUMN group_key DROP DEFAULT,
  DROP COLUMN outcome,
  DROP COLUMN broker_order_id,
  ADD CONSTRAINT incarnations_kind CHECK (kind IN ('place', 'modify', 'cancel')),
  ADD CONSTRAINT incarnations_state CHECK (state IN (
    'CLAIMED', 'UNKNOWN', 'SHOWN', 'NOT_WRITTEN', 'ABSENT', 'REFUSED', 'VANISHED', 'ENDED')),
  ADD CONSTRAINT incarnations_terms CHECK (kind = 'cancel' OR terms IS NOT NULL);

CREATE UNIQUE INDEX order_incarnations_order_row_id_n_key ON order_incarnations (order_row_id, n);
CREATE INDEX order_incarnations_connection_id_session_order_id_idx
  ON order_incarnations (connection_id, session_order_id);

ALTER TABLE orders
  DROP COLUMN pending_terms,
  DROP COLUMN pending_since,
  DROP COLUMN modification_refused;

-- When lots and result were booked, and the cash for shares that may still be bought.
ALTER TABLE trades ADD COLUMN settled_at TIMESTAMPTZ(6);
UPDATE trades SET settled_at = updated_at WHERE realized_pnl IS NOT NULL;

ALTER TABLE reservations ADD COLUMN resting_cash NUMERIC(24, 8) NOT NULL DEFAULT 0;
UPDATE reservations SET resting_cash = cash WHERE phase = 'CASH' AND filled_at IS NULL;
ALTER TABLE reservations
  ALTER COLUMN resting_cash DROP DEFAULT,
  ADD CONSTRAINT reservations_resting CHECK (resting_cash >= 0);

-- The plan's read, and the sweeps for what is undelivered, unstarted or not over.
CREATE INDEX IF NOT EXISTS orders_account_id_created_at_idx ON orders (account_id, created_at);
CREATE INDEX decisions_account_id_decided_at_idx ON decisions (account_id, decided_at);
CREATE INDEX trades_undelivered_idx ON trades (updated_at) WHERE wake_seq > delivered_seq;
CREATE INDEX trades_unstarted_idx ON trades (created_at) WHERE started_at IS NULL;
CREATE INDEX trades_not_over_idx ON trades (updated_at) WHERE closed_at IS NULL;
