-- Entries that the broker has and that may still fill: what a switch cancels while it lets none stand.
CREATE INDEX orders_resting_entries_idx ON orders (account_id)
  WHERE role = 'ENTRY' AND intent = 'SENT'
    AND status NOT IN ('EXECUTED', 'CANCELLED', 'REJECTED', 'EXPIRED', 'FAILED');
