-- name: first_answer
-- When a campaign's first call was answered. $1 campaign name
SELECT min(answered_at) FROM call WHERE campaign = $1 AND answered AND direction = 'outbound';

-- name: recorded_calls
-- Which of these calls have a record. $1 call ids
SELECT call_id FROM call WHERE call_id = ANY($1::text[]);

-- name: count_abandoned
-- Calls answered by a person since each moment, and those that found no agent in time.
-- $1 campaign name, $2 moments, $3 calls to leave out, $4 seconds from the answer to the agent
SELECT
    count(c.call_id) AS answered,
    count(c.call_id) FILTER (
        WHERE c.abandoned
            OR c.connected_at IS NULL
            OR c.connected_at > c.answered_at + make_interval(secs => $4)
    ) AS abandoned
FROM unnest($2::timestamptz[]) WITH ORDINALITY AS w (since, position)
LEFT JOIN call AS c
    ON c.campaign = $1
        AND c.answered
        AND c.direction = 'outbound'
        AND c.answered_at >= w.since
        -- A mailbox is no person; where we said that we abandoned somebody, it was one.
        AND (
            c.abandoned
            OR (c.amd_result IS DISTINCT FROM 'machine' AND c.network_result <> 'forwarded')
        )
        AND c.call_id <> ALL($3::text[])
GROUP BY w.position
ORDER BY w.position;
