-- Of all queries here: by campaign, so that each organisation sees its own only.

-- name: caller_id_sums
-- Attempts and answers of each caller ID from a day on and in the days before it.
-- $1 the day, $2 the first of the days before
SELECT
    campaign,
    key AS name,
    coalesce(sum(attempts) FILTER (WHERE day >= $1), 0) AS attempts,
    coalesce(sum(answered) FILTER (WHERE day >= $1), 0) AS answered,
    coalesce(sum(attempts) FILTER (WHERE day < $1), 0) AS attempts_before,
    coalesce(sum(answered) FILTER (WHERE day < $1), 0) AS answered_before
FROM call_sum
WHERE dimension = 'caller_id' AND day >= $2 AND key <> ''
GROUP BY campaign, key
ORDER BY campaign, key;

-- name: trunk_sums
-- Calls of each trunk since a moment, and those that failed by our or the trunk's own fault. $1 since
SELECT
    coalesce(campaign, '') AS campaign,
    trunk AS name,
    count(*) AS calls,
    count(*) FILTER (WHERE network_result IN (SELECT n.network_result FROM not_counted AS n)) AS failed
FROM call
WHERE dialled_at >= $1 AND direction = 'outbound' AND trunk IS NOT NULL
GROUP BY coalesce(campaign, ''), trunk
ORDER BY 1, trunk;

-- name: leads_finished
-- How many leads of each campaign were called since a moment and need no further call. $1 since
SELECT c.campaign, count(DISTINCT c.lead_id) AS leads
FROM call AS c
INNER JOIN lead_state AS s ON s.lead_id = c.lead_id
WHERE c.dialled_at >= $1 AND s.status = 'done' AND c.campaign IS NOT NULL
GROUP BY c.campaign;
