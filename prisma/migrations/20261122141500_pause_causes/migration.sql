-- What a quarantine was made for, and what came to it since: {n, key, reason, at}, the oldest first. Empty: its reason alone.
ALTER TABLE pauses ADD COLUMN causes JSONB NOT NULL DEFAULT '[]';
