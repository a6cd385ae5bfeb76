-- name: keep_unread
-- Rows that could not be read. $1 source, $2 places, $3 fields, $4 reasons
INSERT INTO unread_row AS u (source, place, field, reason)
SELECT $1, r.place, r.field, r.reason
FROM unnest($2::text[], $3::text[], $4::text[]) AS r (place, field, reason)
ORDER BY r.place, r.field
ON CONFLICT (source, place, field) DO UPDATE
SET reason = excluded.reason, last_seen_at = now();

-- name: list_unread
-- What could not be read, newest first. $1 source or null, $2 limit
SELECT source, place, field, reason, first_seen_at, last_seen_at
FROM unread_row
WHERE $1::text IS NULL OR source = $1
ORDER BY last_seen_at DESC, source, place, field
LIMIT $2;

-- name: forget_unread
-- Somebody has looked. $1 source or null
DELETE FROM unread_row WHERE $1::text IS NULL OR source = $1;
