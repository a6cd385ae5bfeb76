-- name: attempts_by_number
-- How many attempts were saved for each number.
SELECT number, count(*) AS attempts FROM attempt GROUP BY number;

-- name: demo_totals
-- Sums over every call. A system error is no attempt (see calls.outcomes).
SELECT
    count(*) FILTER (WHERE network_result <> 'system_error') AS attempts,
    count(*) FILTER (WHERE answered) AS answered,
    count(*) FILTER (WHERE valid) AS valid,
    count(*) FILTER (WHERE effective) AS effective,
    count(*) FILTER (WHERE abandoned) AS abandoned,
    coalesce(sum(talk_seconds), 0) AS talk_seconds,
    count(DISTINCT agent) AS agents
FROM call;

-- name: count_unrecorded
-- Settled attempts that were really dialled and have no record yet, and open attempts.
SELECT count(*)
FROM attempt AS a
LEFT JOIN call AS c ON c.attempt_id = a.attempt_id
WHERE a.settled_at IS NULL OR (a.settled_by <> 'never_sent' AND c.call_id IS NULL);
