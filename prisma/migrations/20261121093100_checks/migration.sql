-- What the schema language can't say: closed sets of words, and amounts that can't be negative.

ALTER TABLE accounts ADD CONSTRAINT accounts_mode CHECK (mode IN ('ACTIVE', 'REDUCING', 'HALTED'));
ALTER TABLE strategies ADD CONSTRAINT strategies_mode CHECK (mode IN ('ACTIVE', 'REDUCING', 'HALTED'));

ALTER TABLE trades
  ADD CONSTRAINT trades_side CHECK (side IN ('BUY', 'SELL')),
  ADD CONSTRAINT trades_state CHECK (state IN (
    'RECEIVED', 'AWAITING_APPROVAL', 'AWAITING_OPEN', 'PARKED', 'ENTERING', 'ENTRY_UNKNOWN',
    'PARTIALLY_OPEN', 'OPEN', 'CLOSING', 'OVERFILLED', 'CLOSED',
    'DENIED', 'REJECTED', 'CANCELLED', 'ABANDONED', 'EXPIRED', 'FAILED')),
  ADD CONSTRAINT trades_filled CHECK (filled_quantity >= 0),
  ADD CONSTRAINT trades_sequences CHECK (wake_seq <= seq AND delivered_seq <= seq);

ALTER TABLE orders
  ADD CONSTRAINT orders_role CHECK (role IN ('ENTRY', 'STOP', 'TARGET', 'CLOSE')),
  ADD CONSTRAINT orders_intent CHECK (intent IN ('NEW', 'SENDING', 'SENT', 'FAILED')),
  ADD CONSTRAINT orders_status CHECK (status IN (
    'PENDING', 'ACCEPTED', 'HELD', 'PARTIAL', 'EXECUTED', 'CANCEL_PENDING', 'CANCELLED',
    'REJECTED', 'EXPIRED', 'FAILED', 'UNKNOWN')),
  ADD CONSTRAINT orders_filled CHECK (filled_quantity >= 0);

ALTER TABLE executions
  ADD CONSTRAINT executions_side CHECK (side IN ('BUY', 'SELL')),
  ADD CONSTRAINT executions_price CHECK (price >= 0);

ALTER TABLE reservations
  ADD CONSTRAINT reservations_phase CHECK (phase IN ('CASH', 'EXPOSURE', 'RELEASED')),
  ADD CONSTRAINT reservations_amounts CHECK (cash >= 0 AND exposure >= 0 AND open_risk >= 0);

ALTER TABLE decisions ADD CONSTRAINT decisions_verdict CHECK (verdict IN ('approved', 'denied'));
