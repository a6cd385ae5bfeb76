-- name: dialled_at
-- When these calls were dialled. $1 call ids
SELECT call_id, dialled_at FROM call WHERE call_id = ANY($1::text[]);

-- name: linked_recordings
-- Which of these calls have a file. $1 call ids
SELECT call_id FROM recording WHERE call_id = ANY($1::text[]);

-- name: link_recording
-- Link a file to its call; a file that was linked before stays as it was.
-- $1 call id, $2 path, $3 bytes, $4 sha256, $5 seconds or null, $6 dialled at, $7 silent seconds,
-- $8 the longest silence
WITH linked AS (
    INSERT INTO recording (
        call_id, path, bytes, sha256, seconds, recorded_at, silent_seconds, longest_silence_seconds
    )
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (call_id) DO NOTHING
    RETURNING call_id
)
UPDATE call SET recording = $2
FROM linked
WHERE call.call_id = linked.call_id AND call.dialled_at = $6;

-- name: recording
-- The file of one call. $1 call id
SELECT
    call_id, path, bytes AS size_bytes, sha256, seconds, recorded_at, purged_at, silent_seconds,
    longest_silence_seconds
FROM recording WHERE call_id = $1;

-- name: recordings_before
-- Files that are still kept of calls dialled before a moment, oldest first. $1 moment
SELECT
    call_id, path, bytes AS size_bytes, sha256, seconds, recorded_at, purged_at, silent_seconds,
    longest_silence_seconds
FROM recording WHERE purged_at IS NULL AND recorded_at < $1 ORDER BY recorded_at;

-- name: mark_purged
-- The file is gone. $1 call id
UPDATE recording SET purged_at = now() WHERE call_id = $1 AND purged_at IS NULL;

-- name: log_recording_access
-- Who did what with a recording. $1 call id, $2 login, $3 what
INSERT INTO recording_access (call_id, login, what) VALUES ($1, $2, $3);

-- name: call_owner
-- Whose call this is. $1 call id
SELECT campaign, agent FROM call WHERE call_id = $1;
