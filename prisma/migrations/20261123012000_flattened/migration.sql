-- When a trade's shares were to be sold for want of a stop, though nobody had asked: the exit reason says so.
ALTER TABLE trades ADD COLUMN flattened_at TIMESTAMPTZ(6);
