-- One row for each trade that waits, or waited, for a person's word (SIG-3). Its verdict is written once.
CREATE TABLE approvals (
  trade_id UUID PRIMARY KEY REFERENCES trades (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  user_id UUID NOT NULL REFERENCES users (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  shown JSONB NOT NULL,
  asked_at TIMESTAMPTZ(6) NOT NULL DEFAULT now(),
  expires_at TIMESTAMPTZ(6) NOT NULL,
  verdict TEXT CHECK (verdict IN ('approved', 'rejected', 'expired')),
  actor TEXT,
  key TEXT,
  reason TEXT,
  decided_at TIMESTAMPTZ(6),
  CONSTRAINT approvals_decided CHECK (
    (verdict IS NULL) = (decided_at IS NULL) AND (verdict IS NULL) = (actor IS NULL))
);
CREATE INDEX approvals_undecided ON approvals (user_id, expires_at) WHERE verdict IS NULL;

-- What was decided stays so, whoever writes: a second verdict is an error of the program. What applies migrations cuts
-- them at each semicolon: in the function's body they stand as \073.
CREATE FUNCTION keep_approval() RETURNS trigger LANGUAGE plpgsql AS E'BEGIN
  RAISE EXCEPTION ''trade % was % by %: a decision is not taken back'', OLD.trade_id, OLD.verdict, OLD.actor\073
END\073';
CREATE TRIGGER approvals_decided_once BEFORE UPDATE ON approvals
  FOR EACH ROW WHEN (OLD.verdict IS NOT NULL) EXECUTE FUNCTION keep_approval();
