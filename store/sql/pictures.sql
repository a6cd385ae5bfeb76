-- Reports as pictures, all over the public view call_record. Of each query: $1 since (included),
-- $2 before, $3 time zone, $4 campaigns that may be seen, $5 whether calls without one may be,
-- $6 one campaign or null, $7 one agent or null.

-- name: picture_hours
-- Attempts, answered and effective calls by weekday (1 = Monday) and hour of the day.
SELECT
    extract(ISODOW FROM r.dialled_at AT TIME ZONE $3)::integer AS weekday,
    extract(HOUR FROM r.dialled_at AT TIME ZONE $3)::integer AS hour,
    count(*) FILTER (WHERE r.network_result <> 'system_error') AS attempts,
    count(*) FILTER (WHERE r.answered_at IS NOT NULL) AS answered,
    count(*) FILTER (WHERE r.effective) AS effective
FROM call_record AS r
WHERE r.direction = 'outbound' AND r.dialled_at >= $1 AND r.dialled_at < $2
    AND (r.campaign = any($4::text[]) OR ($5 AND r.campaign IS NULL))
    AND ($6::text IS NULL OR r.campaign = $6) AND ($7::text IS NULL OR r.agent = $7)
GROUP BY weekday, hour
ORDER BY weekday, hour;

-- name: picture_talks
-- Answered calls by talk in steps of 15 s, the last step open (from 600 s on).
SELECT
    (least(floor(r.talk_seconds / 15), 40) * 15)::integer AS from_seconds,
    count(*) AS calls
FROM call_record AS r
WHERE r.direction = 'outbound' AND r.dialled_at >= $1 AND r.dialled_at < $2
    AND $3::text <> '' AND r.talk_seconds > 0
    AND (r.campaign = any($4::text[]) OR ($5 AND r.campaign IS NULL))
    AND ($6::text IS NULL OR r.campaign = $6) AND ($7::text IS NULL OR r.agent = $7)
GROUP BY from_seconds
ORDER BY from_seconds;

-- name: picture_campaigns
-- The sums of each campaign, and the longest effective threshold of its calls.
SELECT
    r.campaign,
    count(*) FILTER (WHERE r.network_result <> 'system_error') AS attempts,
    count(*) FILTER (WHERE r.answered_at IS NOT NULL) AS answered,
    count(*) FILTER (WHERE r.valid) AS valid,
    count(*) FILTER (WHERE r.effective) AS effective,
    sum(r.talk_seconds) AS talk_seconds,
    max(e.effective_seconds) AS effective_from
FROM call_record AS r
INNER JOIN effective_call_rule AS e ON e.version = r.rule_version
WHERE r.direction = 'outbound' AND r.dialled_at >= $1 AND r.dialled_at < $2
    AND $3::text <> ''
    AND (r.campaign = any($4::text[]) OR ($5 AND r.campaign IS NULL))
    AND ($6::text IS NULL OR r.campaign = $6) AND ($7::text IS NULL OR r.agent = $7)
GROUP BY r.campaign
ORDER BY r.campaign;

-- name: picture_regions
-- The sums of each region: that of the lead when the call was first recorded.
SELECT
    c.region,
    count(*) FILTER (WHERE c.network_result <> 'system_error') AS attempts,
    count(*) FILTER (WHERE c.answered) AS answered,
    count(*) FILTER (WHERE c.effective) AS effective,
    sum(c.talk_seconds) AS talk_seconds
FROM call AS c
WHERE c.direction = 'outbound' AND c.dialled_at >= $1 AND c.dialled_at < $2
    AND $3::text <> ''
    AND (c.campaign = any($4::text[]) OR ($5 AND c.campaign IS NULL))
    AND ($6::text IS NULL OR c.campaign = $6) AND ($7::text IS NULL OR c.agent = $7)
GROUP BY c.region
ORDER BY attempts DESC, c.region;
