-- Where the audit log ends: rows that are taken off its end leave a chain that fits, and a head that doesn't.
CREATE TABLE audit_head (
  is_only BOOLEAN PRIMARY KEY DEFAULT true CHECK (is_only),
  entries BIGINT NOT NULL,
  last_id BIGINT NOT NULL,
  hash CHAR(64) NOT NULL
);
INSERT INTO audit_head (entries, last_id, hash)
SELECT count(*), coalesce(max(id), 0),
       coalesce((SELECT hash FROM audit_log ORDER BY id DESC LIMIT 1), repeat('0', 64))
  FROM audit_log;

-- Appended to, and nothing else, whoever asks. What applies migrations cuts them at each semicolon: in the function's
-- body they stand as \073.
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS E'BEGIN
  RAISE EXCEPTION ''the audit log is append-only: % is refused'', TG_OP
    USING HINT = ''to correct an entry, append another one''\073
END\073';
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_head_stays BEFORE DELETE OR TRUNCATE ON audit_head
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
