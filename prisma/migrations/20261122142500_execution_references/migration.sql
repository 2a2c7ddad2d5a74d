-- The reference that an execution of no known order carried: it says whose order it was. Null for all others.
ALTER TABLE executions ADD COLUMN reference TEXT;
