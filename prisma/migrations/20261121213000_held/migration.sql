-- What is reserved now: each plan reads it, and few of the reservations that ever were are still held.
CREATE INDEX reservations_held_idx ON reservations (account_id) WHERE phase <> 'RELEASED';
