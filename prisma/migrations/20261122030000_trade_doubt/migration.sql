-- Why a trade's result may not be what its own fills say. Null while nothing speaks against it.
ALTER TABLE trades ADD COLUMN doubt TEXT;
