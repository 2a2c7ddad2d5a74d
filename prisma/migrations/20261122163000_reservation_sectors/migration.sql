-- The industry that the broker named for a trade's contract when it was planned: empty where it names none,
-- null where nobody knows. What is kept from others now takes it from the contract that the broker last told of.
ALTER TABLE reservations ADD COLUMN sector TEXT;
UPDATE reservations r SET sector = c.body->>'industry'
  FROM trades t, accounts a, contracts c
 WHERE t.id = r.trade_id AND a.id = r.account_id AND r.phase <> 'RELEASED'
   AND c.connection_id = a.connection_id AND c.symbol = t.symbol
   AND c.security_type = t.instrument->>'securityType'
   AND c.exchange = t.instrument->>'exchange' AND c.currency = t.instrument->>'currency';
