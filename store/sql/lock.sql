-- name: try_lock
-- Take an advisory lock for this connection, or say that somebody else has it. $1 key
SELECT pg_try_advisory_lock($1);

-- name: unlock
-- Give an advisory lock back. $1 key
SELECT pg_advisory_unlock($1);

-- name: still_there
-- Whether the connection lives.
SELECT 1;
