-- Until when a day's loss that was reached holds entries back: the next 9:30 in New York of a trading day, as an instant,
-- so that what asks before a send, and for resting entries, need not know the exchange's days.
ALTER TABLE account_days ADD COLUMN loss_until TIMESTAMPTZ(6);
-- Of days before this version: the next weekday's. After a holiday a plan knows better, and denies by the day.
UPDATE account_days SET loss_until = (day + CASE extract(isodow FROM day) WHEN 5 THEN 3 WHEN 6 THEN 2 ELSE 1 END
    + time '09:30') AT TIME ZONE 'America/New_York'
 WHERE loss_reached_at IS NOT NULL;
CREATE INDEX account_days_loss_until_idx ON account_days (account_id, loss_until) WHERE loss_until IS NOT NULL;
