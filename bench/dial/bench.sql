-- name: bench_add_leads
-- Many leads of a campaign. $1 campaign name, $2 phones
WITH added AS (
    INSERT INTO lead (campaign_id, phone)
    SELECT c.campaign_id, p.phone FROM campaign AS c, unnest($2::text[]) AS p (phone)
    WHERE c.name = $1
    RETURNING lead_id, campaign_id
)
INSERT INTO lead_state (lead_id, campaign_id, time_zone)
SELECT lead_id, campaign_id, 'Asia/Shanghai' FROM added;

-- name: bench_progress
-- How many leads a campaign has, how many are over, and how many calls have a record. $1 name
SELECT
    (
        SELECT count(*) FROM lead AS l
        INNER JOIN campaign AS c ON c.campaign_id = l.campaign_id
        WHERE c.name = $1
    ) AS leads,
    (
        SELECT count(*) FROM lead_state AS s
        INNER JOIN campaign AS c ON c.campaign_id = s.campaign_id
        WHERE c.name = $1 AND s.status = 'done'
    ) AS leads_done,
    (SELECT count(*) FROM call WHERE campaign = $1 AND attempt_id IS NOT NULL) AS recorded;

-- name: bench_result
-- What a campaign's calls were, and how long they took from list to record. $1 campaign name
SELECT
    count(*) AS attempts,
    count(DISTINCT a.number) AS numbers,
    count(*) FILTER (WHERE a.settled_at IS NULL) AS open_attempts,
    count(r.call_id) AS records,
    count(*) FILTER (WHERE a.network_result IS DISTINCT FROM r.network_result) AS unlike,
    min(a.planned_at) AS first_planned,
    max(a.planned_at) AS last_planned,
    max(c.recorded_at) AS last_recorded
FROM attempt AS a
INNER JOIN campaign AS k ON k.campaign_id = a.campaign_id
LEFT JOIN call_record AS r ON r.attempt_id = a.attempt_id
LEFT JOIN call AS c ON c.call_id = r.call_id
WHERE k.name = $1;

-- name: bench_connect_seconds
-- From the customer's answer to the agent, in seconds; null: no agent came. $1 campaign name
SELECT (extract(EPOCH FROM connected_at - answered_at))::double precision AS seconds
FROM call_record
WHERE campaign = $1 AND answered_at IS NOT NULL;
