-- name: sums
-- Sums of a dimension over days, grouped; numbers added first, so that words are made for few rows.
-- $1 dimension, $2 first day, $3 last day, $4 by what, $5 campaigns or null,
-- $6 with adjustments
WITH added AS (
    SELECT
        s.key, s.day, max(s.campaign) AS campaign, sum(s.attempts) AS attempts,
        sum(s.answered) AS answered,
        sum(s.human) AS human, sum(s.connected) AS connected, sum(s.valid) AS valid,
        sum(s.effective) AS effective, sum(s.abandoned) AS abandoned,
        sum(s.talk_microseconds) AS talk_microseconds,
        sum(s.effective_talk_microseconds) AS effective_talk_microseconds,
        sum(s.wait_microseconds) AS wait_microseconds, min(s.rule_version) AS first_rule,
        max(s.rule_version) AS last_rule
    FROM (
        SELECT * FROM call_sum
        WHERE dimension = $1 AND day BETWEEN $2 AND $3 AND ($5::text[] IS NULL OR campaign = any($5))
        UNION ALL
        SELECT
            dimension, day, key, campaign, rule_version, attempts, answered, human, connected,
            valid, effective, abandoned, talk_microseconds, effective_talk_microseconds, wait_microseconds
        FROM call_adjustment
        WHERE
            $6::boolean AND dimension = $1 AND day BETWEEN $2 AND $3
            AND ($5::text[] IS NULL OR campaign = any($5))
    ) AS s
    GROUP BY s.key, s.day, CASE WHEN $4::text = 'campaign' THEN s.campaign END
)
SELECT
    g.name,
    max(CASE WHEN $1 = 'agent' AND $4 = 'agent' THEN a.name END) AS title,
    sum(g.attempts) AS attempts, sum(g.answered) AS answered, sum(g.human) AS human,
    sum(g.connected) AS connected, sum(g.valid) AS valid, sum(g.effective) AS effective,
    sum(g.abandoned) AS abandoned, sum(g.talk_microseconds) AS talk_microseconds,
    sum(g.effective_talk_microseconds) AS effective_talk_microseconds,
    sum(g.wait_microseconds) AS wait_microseconds, min(g.first_rule) AS first_rule,
    max(g.last_rule) AS last_rule
FROM (
    SELECT
        CASE $4
            WHEN 'campaign' THEN s.campaign
            WHEN 'team' THEN coalesce(member.team, '')
            WHEN 'day' THEN s.day::text
            WHEN 'week' THEN to_char(s.day, 'IYYY-"W"IW')
            WHEN 'month' THEN to_char(s.day, 'YYYY-MM')
            WHEN 'weekday_hour' THEN extract(ISODOW FROM s.day)::text || ' ' || s.key
            ELSE s.key
        END AS name,
        s.*
    FROM added AS s
    LEFT JOIN agent AS member ON $4 = 'team' AND member.agent_id = s.key
) AS g
LEFT JOIN agent AS a ON $4 = 'agent' AND a.agent_id = g.name
GROUP BY g.name
ORDER BY g.name = '', g.name;

-- name: sums_of_key
-- Day by day the sums of one agent, region or the like; one look into the index for each day.
-- $1 dimension, $2 key, $3 first day, $4 last day, $5 with adjustments, $6 campaigns or null
SELECT
    s.day::text AS name, NULL::text AS title, sum(s.attempts) AS attempts,
    sum(s.answered) AS answered, sum(s.human) AS human, sum(s.connected) AS connected,
    sum(s.valid) AS valid, sum(s.effective) AS effective, sum(s.abandoned) AS abandoned,
    sum(s.talk_microseconds) AS talk_microseconds, sum(s.effective_talk_microseconds) AS effective_talk_microseconds,
    sum(s.wait_microseconds) AS wait_microseconds, min(s.rule_version) AS first_rule,
    max(s.rule_version) AS last_rule
FROM (
    SELECT c.*
    FROM generate_series($3::date, $4::date, interval '1 day') AS d (moment)
    CROSS JOIN LATERAL (
        SELECT * FROM call_sum AS x
        WHERE x.dimension = $1 AND x.day = d.moment::date AND x.key = $2
            AND ($6::text[] IS NULL OR x.campaign = any($6))
    ) AS c
    UNION ALL
    SELECT
        dimension, day, key, campaign, rule_version, attempts, answered, human, connected,
        valid, effective, abandoned, talk_microseconds, effective_talk_microseconds, wait_microseconds
    FROM call_adjustment
    WHERE $5::boolean AND dimension = $1 AND key = $2 AND day BETWEEN $3 AND $4
        AND ($6::text[] IS NULL OR campaign = any($6))
) AS s
GROUP BY s.day
ORDER BY s.day;

-- name: adjustments
-- What came after the day was closed, call by call. $1 first day, $2 last day
SELECT
    j.day, j.made_at, j.call_id, j.key AS agent, j.campaign, j.rule_version, j.attempts,
    j.answered, j.valid, j.effective, j.talk_microseconds
FROM call_adjustment AS j
WHERE j.dimension = 'agent' AND j.day BETWEEN $1 AND $2
ORDER BY j.day, j.adjustment_id;

-- name: account_measures
-- Customers of each campaign: what is counted by lead and cannot be added up over days.
-- $1 from, $2 before, $3 network results of dead numbers
SELECT
    c.name,
    (SELECT count(*) FROM lead AS l WHERE l.campaign_id = c.campaign_id) AS leads,
    count(DISTINCT k.lead_id) AS accounts_called,
    count(DISTINCT k.lead_id) FILTER (WHERE k.connected_at IS NOT NULL) AS accounts_reached,
    count(DISTINCT k.lead_id) FILTER (WHERE k.network_result = ANY($3::text[])) AS accounts_dead,
    count(k.call_id) AS attempts
FROM campaign AS c
LEFT JOIN call AS k
    ON
        k.campaign = c.name AND k.dialled_at >= $1 AND k.dialled_at < $2
        AND k.direction = 'outbound' AND k.lead_id IS NOT NULL
        AND k.network_result NOT IN (SELECT n.network_result FROM not_counted AS n)
GROUP BY c.campaign_id, c.name
ORDER BY c.name;

-- name: gaming_signs
-- For each agent: talk just over and just under its rule's threshold, and own hang-ups after it.
-- $1 from, $2 before
SELECT
    c.agent,
    count(*) FILTER (
        WHERE c.talk_seconds >= r.effective_seconds
        AND c.talk_seconds < r.effective_seconds + 10
    ) AS just_over,
    count(*) FILTER (
        WHERE c.talk_seconds >= r.effective_seconds + 10
        AND c.talk_seconds < r.effective_seconds + 20
    ) AS next_bin,
    count(*) FILTER (
        WHERE c.effective AND c.hangup_by = 'agent'
        AND c.talk_seconds < r.effective_seconds + 10
    ) AS hung_up_after,
    count(*) FILTER (WHERE c.effective) AS effective
FROM call AS c
INNER JOIN effective_call_rule AS r ON r.version = c.rule_version
WHERE c.dialled_at >= $1 AND c.dialled_at < $2 AND c.agent IS NOT NULL
GROUP BY c.agent
ORDER BY c.agent;

-- name: repeated_effective
-- Numbers to which one agent had several effective calls in a day. $1 from, $2 before, $3 at least
SELECT agent, number, count(*) AS effective
FROM call
WHERE dialled_at >= $1 AND dialled_at < $2 AND effective AND agent IS NOT NULL
GROUP BY agent, number
HAVING count(*) >= $3
ORDER BY agent, number;

-- name: own_numbers
-- Numbers that are ours: who has effective calls with them talks to a colleague.
SELECT DISTINCT caller_id FROM campaign WHERE caller_id <> '';

-- name: silent_calls
-- Effective calls whose recording tells of its silence. $1 from, $2 before
SELECT
    c.agent, c.call_id, c.talk_seconds,
    least(
        c.talk_seconds,
        f.silent_seconds + greatest(0, c.talk_seconds - coalesce(f.seconds, c.talk_seconds))
    ) AS silent_seconds,
    f.longest_silence_seconds
FROM call AS c
INNER JOIN recording AS f ON f.call_id = c.call_id
WHERE
    c.dialled_at >= $1 AND c.dialled_at < $2 AND c.effective AND c.agent IS NOT NULL
    AND f.longest_silence_seconds IS NOT NULL
ORDER BY c.agent, c.dialled_at;

-- name: paused_time
-- How often and how long each agent was paused. $1 from, $2 before
SELECT
    p.agent_id, count(*)::integer AS pauses,
    sum(least(coalesce(p.ended_at, $2), $2) - greatest(p.began_at, $1)) AS paused
FROM agent_pause AS p
WHERE p.began_at < $2 AND coalesce(p.ended_at, $2) > $1
GROUP BY p.agent_id
ORDER BY p.agent_id;

-- name: begin_pause
-- An agent was paused. $1 agent, $2 since, $3 reason
INSERT INTO agent_pause (agent_id, began_at, reason) VALUES ($1, $2, $3)
ON CONFLICT (agent_id, began_at) DO NOTHING;

-- name: end_earlier_pauses
-- A new pause begins, so an earlier one whose end nobody saw is over. $1 agent, $2 at
UPDATE agent_pause SET ended_at = $2 WHERE agent_id = $1 AND ended_at IS NULL AND began_at < $2;

-- name: end_pauses
-- An agent is not paused any more. $1 agent, $2 at
UPDATE agent_pause SET ended_at = greatest($2, began_at) WHERE agent_id = $1 AND ended_at IS NULL;
