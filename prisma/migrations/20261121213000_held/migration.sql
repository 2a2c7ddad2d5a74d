-- What is reserved now: each plan reads it, and few of the reservations that ever were are still held.
CREATE INDEX reservations_held_idx ON reservations (account_id) WHERE phase <> 'RELEASED';

-- The trades of a day, counted by each plan from the index alone.
CREATE INDEX decisions_approved_plans_idx ON decisions (account_id, decided_at) INCLUDE (trade_id)
  WHERE kind = 'plan' AND verdict = 'approved';
