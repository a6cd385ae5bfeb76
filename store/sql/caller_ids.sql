-- Pools of caller IDs.

-- name: caller_id_pools
-- Every number of every pool with its limits and what became of its calls in the last 24 hours,
-- whichever campaign showed it. $1 now, $2 how long an answered call is short
SELECT
    c.name AS campaign, p.rule, p.max_calls_per_hour, p.max_short_share, p.rest_seconds,
    n.number, n.proof, a.calls, a.answered, a.short, a.last_hour, a.first_in_hour, a.last_at
FROM caller_id_pool AS p
INNER JOIN campaign AS c ON c.campaign_id = p.campaign_id
INNER JOIN caller_id AS n ON n.campaign_id = p.campaign_id
CROSS JOIN LATERAL (
    SELECT
        count(*) AS calls,
        count(t.answered_at) AS answered,
        count(*) FILTER (
            WHERE t.ended_at - t.answered_at < $2::interval
        ) AS short,
        count(*) FILTER (WHERE t.planned_at > $1::timestamptz - interval '1 hour') AS last_hour,
        min(t.planned_at) FILTER (WHERE t.planned_at > $1::timestamptz - interval '1 hour')
            AS first_in_hour,
        max(t.planned_at) AS last_at
    FROM attempt AS t
    WHERE t.caller_id = n.number AND t.caller_id <> ''
        AND t.planned_at > $1::timestamptz - interval '24 hours'
        AND t.settled_by IS DISTINCT FROM 'never_sent'
) AS a
ORDER BY c.name, n.number;

-- name: set_caller_id_pool
-- How a campaign's numbers are chosen; null leaves a setting as it is.
-- $1 campaign_id, $2 rule, $3 max_calls_per_hour, $4 max_short_share, $5 rest_seconds
INSERT INTO caller_id_pool AS p (
    campaign_id, rule, max_calls_per_hour, max_short_share, rest_seconds
)
VALUES ($1, coalesce($2, 'even'), coalesce($3, 60), coalesce($4, 0.5), coalesce($5, 86400))
ON CONFLICT (campaign_id) DO UPDATE SET
    rule = coalesce($2, p.rule), max_calls_per_hour = coalesce($3, p.max_calls_per_hour),
    max_short_share = coalesce($4, p.max_short_share), rest_seconds = coalesce($5, p.rest_seconds);

-- name: add_caller_id
-- One more number; no row if it is there. $1 campaign_id, $2 number, $3 proof
INSERT INTO caller_id (campaign_id, number, proof) VALUES ($1, $2, $3)
ON CONFLICT (campaign_id, number) DO NOTHING
RETURNING number;

-- name: remove_caller_id
-- $1 campaign_id, $2 number
DELETE FROM caller_id WHERE campaign_id = $1 AND number = $2 RETURNING number;
