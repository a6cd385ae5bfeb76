-- name: campaign_counters
-- Each campaign's counters of the calls dialled since a moment, and its leads left. $1 since
SELECT
    c.name,
    c.status,
    coalesce(k.attempts, 0) AS attempts,
    coalesce(k.answered, 0) AS answered,
    coalesce(k.valid, 0) AS valid,
    coalesce(k.effective, 0) AS effective,
    coalesce(k.abandoned, 0) AS abandoned,
    (
        SELECT count(*) FROM lead_state AS s
        WHERE s.campaign_id = c.campaign_id AND s.status <> 'done'
    ) AS leads_left
FROM campaign AS c
LEFT JOIN (
    SELECT
        campaign,
        count(*) FILTER (WHERE network_result <> 'system_error') AS attempts,
        count(*) FILTER (WHERE answered) AS answered,
        count(*) FILTER (WHERE valid) AS valid,
        count(*) FILTER (WHERE effective) AS effective,
        count(*) FILTER (WHERE abandoned) AS abandoned
    FROM call
    -- An asked call whose agent did not take the own phone reached nobody: it is internal.
    WHERE dialled_at >= $1 AND direction = 'outbound'
    GROUP BY campaign
) AS k ON k.campaign = c.name
ORDER BY c.name;
