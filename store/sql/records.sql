-- name: ingest_lock
-- One writer of records at a time, released with the transaction. $1 key
SELECT pg_advisory_xact_lock($1);

-- name: ingest_position
-- How far one source was read. $1 source
SELECT position, fingerprint FROM ingest_position WHERE source = $1;

-- name: save_ingest_position
-- Remember how far a source was read. $1 source, $2 position, $3 fingerprint
INSERT INTO ingest_position AS p (source, position, fingerprint)
VALUES ($1, $2, $3)
ON CONFLICT (source) DO UPDATE
SET position = excluded.position, fingerprint = excluded.fingerprint, updated_at = now()
WHERE (p.position, p.fingerprint) IS DISTINCT FROM (excluded.position, excluded.fingerprint);

-- name: advance_ingest_position
-- Remember a position that only ever grows. $1 source, $2 position
INSERT INTO ingest_position AS p (source, position)
VALUES ($1, $2)
ON CONFLICT (source) DO UPDATE
SET position = excluded.position, updated_at = now()
WHERE p.position < excluded.position;

-- name: cel_after
-- The next rows after a position. $1 id, $2 limit
SELECT
    id, eventtype, eventtime, channame, uniqueid, linkedid, accountcode, cid_num, cid_ani, exten,
    appname, userdeftype, extra
FROM cel
WHERE id > $1
ORDER BY id
LIMIT $2;

-- name: cel_related
-- Rows of these channels and linkedids, some twice, but for those of a page that is known.
-- $1 ids, $2 the page's first row id, $3 its last, $4 from, $5 before (UTC)
SELECT
    id, eventtype, eventtime, channame, uniqueid, linkedid, accountcode, cid_num, cid_ani, exten,
    appname, userdeftype, extra
FROM cel
WHERE linkedid = ANY($1::text[]) AND (id < $2 OR id > $3) AND eventtime >= $4 AND eventtime < $5
UNION ALL
SELECT
    id, eventtype, eventtime, channame, uniqueid, linkedid, accountcode, cid_num, cid_ani, exten,
    appname, userdeftype, extra
FROM cel
WHERE
    uniqueid = ANY($1::text[]) AND linkedid <> uniqueid AND (id < $2 OR id > $3)
    AND eventtime >= $4 AND eventtime < $5;

-- name: cel_rooms
-- The channels that were in these conference rooms. $1 bridge ids
SELECT DISTINCT uniqueid
FROM cel
WHERE
    appname = 'ConfBridge' AND eventtype = 'BRIDGE_ENTER'
    AND substring(extra FROM '"bridge_id":"([^"]+)"') = ANY($1::text[]);

-- name: first_cel_id
-- The lowest id among the rows of events since a moment. $1 UTC
SELECT min(id) FROM cel WHERE eventtime >= $1;

-- name: late_cel
-- Rows that appeared in gaps left before. $1 lowest ids, $2 highest ids
SELECT c.id, c.linkedid
FROM unnest($1::bigint[], $2::bigint[]) AS gap (low, high)
CROSS JOIN LATERAL (
    SELECT cel.id, cel.linkedid FROM cel WHERE cel.id BETWEEN gap.low AND gap.high
) AS c
ORDER BY c.id;

-- name: open_cel
-- Calls that have rows and no record. $1 id before which there are none
SELECT c.linkedid, min(c.id) AS first_id
FROM cel AS c
WHERE c.id > $1 AND NOT EXISTS (SELECT FROM call WHERE call.call_id = c.linkedid)
GROUP BY c.linkedid;

-- name: cel_of_channels
-- All rows of these channels, as text. $1 uniqueids
SELECT
    id, eventtype, extract(EPOCH FROM eventtime)::text AS eventtime, userdeftype, cid_name,
    cid_num, cid_ani, cid_rdnis, cid_dnid, exten, context, channame, appname, appdata,
    amaflags::text AS amaflags, accountcode, uniqueid, linkedid, peer, userfield, extra
FROM cel
WHERE uniqueid = ANY($1::text[])
ORDER BY id;

-- name: attempt_facts
-- What we know of attempts and Asterisk does not write down. $1 attempt ids
SELECT
    a.attempt_id, a.number, a.caller_id, a.ring_seconds, a.cancelled_at IS NOT NULL AS is_cancelled,
    c.name AS campaign, a.lead_id, l.province AS region, l.industry, l.call_list
FROM attempt AS a
INNER JOIN campaign AS c ON c.campaign_id = a.campaign_id
INNER JOIN lead AS l ON l.lead_id = a.lead_id
WHERE a.attempt_id = ANY($1::uuid[]);

-- name: known_customers
-- The newest lead of each number. $1 numbers as they were dialled, with or without +
SELECT DISTINCT ON (n.number) n.number, l.province AS region, l.industry, l.call_list
FROM unnest($1::text[]) AS n (number)
CROSS JOIN campaign AS c
INNER JOIN lead AS l
    ON l.campaign_id = c.campaign_id AND l.phone = '+' || ltrim(n.number, '+')
ORDER BY n.number, l.lead_id DESC;

-- name: effective_call_rules
-- All versions of the rule.
SELECT version, valid_seconds, effective_seconds FROM effective_call_rule;

-- name: campaign_rules
-- Which version each campaign uses now.
SELECT name, rule_version FROM campaign;

-- name: calls_by_id
-- Records as they stand. $1 call ids, $2 and $3 dialled between
SELECT * FROM call WHERE call_id = ANY($1::text[]) AND dialled_at BETWEEN $2 AND $3;

-- name: call_agents_by_id
-- The agents' parts in these calls. $1 call ids
SELECT call_id, agent, connected_at, talk_seconds, ring_seconds
FROM call_agent
WHERE call_id = ANY($1::text[])
ORDER BY call_id, connected_at, agent;

-- name: delete_calls
-- Take records and their parts out, to put them in anew.
-- $1 call ids, $2 and $3 dialled between
WITH parts AS (DELETE FROM call_agent WHERE call_id = ANY($1::text[]))
DELETE FROM call WHERE call_id = ANY($1::text[]) AND dialled_at BETWEEN $2 AND $3;

-- name: delete_parts
-- Take out the agents' parts of these calls. $1 call ids
DELETE FROM call_agent WHERE call_id = ANY($1::text[]);

-- name: settled_calls
-- Finished calls of these attempts, for the dialer's rescue. $1 attempt ids
SELECT
    attempt_id, network_result, hangup_cause, answered_at, connected_at, ended_at, talk_seconds,
    agent, direction = 'internal' AS is_one_sided
FROM call
WHERE attempt_id = ANY($1::uuid[]);

-- name: call_ids_since
-- Records dialled from a moment on. $1 from
SELECT call_id FROM call WHERE dialled_at >= $1 ORDER BY dialled_at, call_id;

-- name: floor_attempts
-- What the live floor saw of settled attempts. $1 planned from, $2 attempt ids wanted in any case
SELECT
    attempt_id, settled_by, network_result, answered_at IS NOT NULL AS is_answered,
    coalesce(talk_seconds, 0) AS talk_seconds
FROM attempt
WHERE (planned_at >= $1 OR attempt_id = ANY($2::uuid[])) AND settled_at IS NOT NULL
ORDER BY planned_at, attempt_id;

-- name: known_attempts
-- Which of these attempts exist. $1 attempt ids
SELECT attempt_id FROM attempt WHERE attempt_id = ANY($1::uuid[]);

-- name: agent_region_day
-- The same as agent_day by region of the lead, of some agents only.
-- $1 from, $2 before, $3 results that are no attempt, $4 agents
WITH counted AS (
    SELECT call_id, agent, region, answered, valid, effective
    FROM call
    WHERE
        dialled_at >= $1 AND dialled_at < $2 AND direction = 'outbound'
        AND network_result <> ALL($3::text[])
),
owned AS (
    SELECT
        agent,
        region,
        count(*) AS attempts,
        count(*) FILTER (WHERE answered) AS answered,
        count(*) FILTER (WHERE valid) AS valid,
        count(*) FILTER (WHERE effective) AS effective
    FROM counted
    WHERE agent = ANY($4::text[])
    GROUP BY agent, region
),
talked AS (
    SELECT part.agent, c.region, sum(part.talk_seconds) AS talk_seconds
    FROM counted AS c
    INNER JOIN call_agent AS part ON part.call_id = c.call_id
    WHERE c.answered AND part.agent = ANY($4::text[])
    GROUP BY part.agent, c.region
)
SELECT
    coalesce(owned.agent, talked.agent) AS agent,
    coalesce(owned.region, talked.region) AS region,
    coalesce(owned.attempts, 0) AS attempts,
    coalesce(owned.answered, 0) AS answered,
    coalesce(owned.valid, 0) AS valid,
    coalesce(owned.effective, 0) AS effective,
    coalesce(talked.talk_seconds, 0) AS talk_seconds
FROM owned
FULL JOIN talked ON talked.agent = owned.agent AND talked.region = owned.region
ORDER BY agent, attempts DESC, region;

-- name: agent_day
-- Counted outbound calls of one day by agent; calls that no agent had under null.
-- $1 from, $2 before, $3 results that are no attempt, $4 campaign or null
WITH counted AS (
    SELECT call_id, agent, answered, valid, effective, talk_seconds
    FROM call
    WHERE
        dialled_at >= $1 AND dialled_at < $2 AND direction = 'outbound'
        AND network_result <> ALL($3::text[]) AND ($4::text IS NULL OR campaign = $4)
),
owned AS (
    SELECT
        agent,
        count(*) AS attempts,
        count(*) FILTER (WHERE answered) AS answered,
        count(*) FILTER (WHERE valid) AS valid,
        count(*) FILTER (WHERE effective) AS effective,
        coalesce(sum(talk_seconds) FILTER (WHERE effective), 0) AS effective_talk_seconds
    FROM counted
    GROUP BY agent
),
talked AS (
    SELECT part.agent, sum(part.talk_seconds) AS talk_seconds
    FROM counted AS c
    INNER JOIN call_agent AS part ON part.call_id = c.call_id
    WHERE c.answered
    GROUP BY part.agent
)
SELECT
    coalesce(owned.agent, talked.agent) AS name,
    coalesce(agent.name, owned.agent, talked.agent) AS title,
    coalesce(owned.attempts, 0) AS attempts,
    coalesce(owned.answered, 0) AS answered,
    coalesce(owned.valid, 0) AS valid,
    coalesce(owned.effective, 0) AS effective,
    coalesce(talked.talk_seconds, 0) AS talk_seconds,
    coalesce(owned.effective_talk_seconds, 0) AS effective_talk_seconds
FROM owned
FULL JOIN talked ON talked.agent = owned.agent
LEFT JOIN agent ON agent.agent_id = coalesce(owned.agent, talked.agent)
ORDER BY name NULLS LAST;

-- name: campaign_day
-- Counted outbound calls of one day by campaign; calls of no campaign under null.
-- $1 from, $2 before, $3 results that are no attempt, $4 campaign or null
SELECT
    campaign AS name,
    campaign AS title,
    count(*) AS attempts,
    count(*) FILTER (WHERE answered) AS answered,
    count(*) FILTER (WHERE valid) AS valid,
    count(*) FILTER (WHERE effective) AS effective,
    coalesce(sum(talk_seconds) FILTER (WHERE answered), 0) AS talk_seconds,
    coalesce(sum(talk_seconds) FILTER (WHERE effective), 0) AS effective_talk_seconds
FROM call
WHERE
    dialled_at >= $1 AND dialled_at < $2 AND direction = 'outbound'
    AND network_result <> ALL($3::text[]) AND ($4::text IS NULL OR campaign = $4)
GROUP BY campaign
ORDER BY name NULLS LAST;

-- name: list_calls
-- Public call records, newest first; null filters match all.
-- $1 from, $2 before, $3 campaign, $4 agent, $5 network result, $6 effective, $7 limit
SELECT *
FROM call_record
WHERE
    ($1::timestamptz IS NULL OR dialled_at >= $1)
    AND ($2::timestamptz IS NULL OR dialled_at < $2)
    AND ($3::text IS NULL OR campaign = $3)
    AND ($4::text IS NULL OR agent = $4)
    AND ($5::text IS NULL OR network_result = $5)
    AND ($6::boolean IS NULL OR effective = $6)
ORDER BY dialled_at DESC, call_id
LIMIT $7;
