-- The dialer's modes, law and lists.
-- "pre": runs before the code that needs it; old code must run on the new schema.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE attempt ADD COLUMN half_seen_at timestamptz;
COMMENT ON COLUMN attempt.half_seen_at IS
'Its call is over and was seen only in part: ringing_at to agent say what was seen; the records may say more.';
