-- name: create_lead_staging
-- Where one file's rows wait; seen by this session only, gone with it.
CREATE TEMPORARY TABLE lead_staging (
    line bigint NOT NULL,
    phone text NOT NULL,
    phone_written text NOT NULL,
    time_zone text NOT NULL,
    priority integer NOT NULL,
    phone2 text,
    more_phones text [] NOT NULL,
    more_zones text [] NOT NULL,
    external_id text,
    company text NOT NULL,
    contact text NOT NULL,
    industry text NOT NULL,
    chain_role text NOT NULL,
    province text NOT NULL,
    city text NOT NULL,
    need text NOT NULL,
    supply text NOT NULL,
    owner text NOT NULL,
    consent_ref text NOT NULL,
    remark text NOT NULL,
    not_before timestamptz,
    not_after timestamptz
);

-- name: drop_lead_staging
-- Forget the staged rows and what was found about them.
DROP TABLE IF EXISTS pg_temp.lead_staging, pg_temp.lead_duplicate;

-- name: index_lead_staging
-- The merge and the duplicates are read by line.
CREATE UNIQUE INDEX ON lead_staging (line);

-- name: analyze_lead_staging
-- Temporary tables are never analysed by themselves.
ANALYZE lead_staging;

-- name: mark_staged_duplicates
-- Rows whose number an earlier line has, with that line.
CREATE TEMPORARY TABLE lead_duplicate AS
SELECT numbered.line, numbered.first_line
FROM (
    SELECT line, min(line) OVER (PARTITION BY phone) AS first_line FROM lead_staging
) AS numbered
WHERE numbered.line > numbered.first_line
ORDER BY numbered.line;

-- name: list_staged_duplicates
-- Duplicates by line, a portion at a time. $1 after line, $2 limit
SELECT s.*, d.first_line
FROM lead_duplicate AS d
INNER JOIN lead_staging AS s ON s.line = d.line
WHERE d.line > $1
ORDER BY d.line
LIMIT $2;

-- name: begin_lead_merge
-- All chunks of one file are added in one transaction.
BEGIN;

-- name: commit_lead_merge
-- The whole file is in.
COMMIT;

-- name: roll_back_lead_merge
-- Nothing of the file is in.
ROLLBACK;

-- name: lock_lead_merge
-- One merge into a campaign at a time, until the transaction ends. $1 class, $2 campaign_id
SELECT pg_try_advisory_xact_lock($1, $2);

-- name: last_staged_line
-- The last line of the next chunk; null: there is none. $1 after line, $2 rows
SELECT max(chunk.line)
FROM (SELECT line FROM lead_staging WHERE line > $1 ORDER BY line LIMIT $2) AS chunk;

-- name: merge_staged_leads
-- Add staged rows of a range of lines; those of do-not-call numbers are over at once.
-- $1 campaign_id, $2 after line, $3 up to line, $4 list
WITH chunk AS (
    SELECT s.*
    FROM lead_staging AS s
    WHERE s.line > $2 AND s.line <= $3
        AND NOT EXISTS (SELECT 1 FROM lead_duplicate AS d WHERE d.line = s.line)
),

added_lead AS (
    INSERT INTO lead (
        campaign_id, phone, phone2, external_id, company, contact, industry, chain_role, province,
        city, need, supply, owner, consent_ref, remark, not_before, not_after, list
    )
    SELECT
        $1, phone, phone2, external_id, company, contact, industry, chain_role, province,
        city, need, supply, owner, consent_ref, remark, not_before, not_after, $4
    FROM chunk
    ORDER BY line
    ON CONFLICT (campaign_id, phone) DO NOTHING
    RETURNING lead_id, phone
),

added_phone AS (
    INSERT INTO lead_phone (lead_id, position, phone, time_zone)
    SELECT a.lead_id, n.position, n.phone, n.time_zone
    FROM added_lead AS a
    INNER JOIN chunk AS c ON c.phone = a.phone
    CROSS JOIN LATERAL unnest(
        array_prepend(c.phone, c.more_phones), array_prepend(c.time_zone, c.more_zones)
    ) WITH ORDINALITY AS n (phone, time_zone, position)
    WHERE cardinality(c.more_phones) > 0
),

added_state AS (
    INSERT INTO lead_state (
        lead_id, campaign_id, time_zone, phone_position, priority, status, done_reason
    )
    SELECT
        a.lead_id, $1,
        -- A first number whose zone nobody knows is never dialled: the next one is its turn.
        coalesce(c.more_zones[f.skipped], c.time_zone), coalesce(f.skipped, 0) + 1, c.priority,
        CASE WHEN d.phone IS NULL THEN 'ready' ELSE 'done' END,
        CASE WHEN d.phone IS NULL THEN NULL ELSE 'do_not_call' END
    FROM added_lead AS a
    INNER JOIN chunk AS c ON c.phone = a.phone
    LEFT JOIN LATERAL (
        SELECT z.position::integer AS skipped
        FROM unnest(c.more_zones) WITH ORDINALITY AS z (time_zone, position)
        WHERE c.time_zone = '' AND z.time_zone <> ''
        ORDER BY z.position
        LIMIT 1
    ) AS f ON true
    LEFT JOIN do_not_call AS d
        ON d.phone = a.phone AND (d.expires_at IS NULL OR d.expires_at > now())
    RETURNING status, time_zone
)

SELECT
    count(*) AS added,
    (SELECT count(*) FROM chunk) - count(*) AS already_there,
    count(*) FILTER (WHERE status = 'done') AS on_do_not_call,
    count(*) FILTER (WHERE time_zone = '') AS without_zone
FROM added_state;

-- name: list_leads
-- Leads of a campaign by id. $1 campaign_id, $2 status or null, $3 after lead_id, $4 limit
SELECT
    l.lead_id, l.phone, coalesce(l.external_id, '') AS external_id, l.company, l.contact,
    l.province, l.city, s.time_zone, s.priority, s.status, s.tries,
    coalesce(s.last_result, '') AS last_result, coalesce(s.done_reason, '') AS done_reason,
    coalesce(s.held_reason, '') AS held_reason,
    CASE WHEN isfinite(s.next_attempt_at) THEN s.next_attempt_at END AS next_attempt_at
FROM lead AS l
INNER JOIN lead_state AS s ON s.lead_id = l.lead_id
WHERE l.campaign_id = $1 AND ($2::text IS NULL OR s.status = $2) AND l.lead_id > $3
ORDER BY l.lead_id
LIMIT $4;

-- name: add_do_not_call
-- Add a number, or change why and until when. $1 phone, $2 reason, $3 expires_at
INSERT INTO do_not_call (phone, reason, expires_at) VALUES ($1, $2, $3)
ON CONFLICT (phone) DO UPDATE SET reason = excluded.reason, expires_at = excluded.expires_at;

-- name: close_leads_of_phone
-- Waiting leads of a number are over; one that is being dialled is left to its dialer. $1 phone
UPDATE lead_state AS s SET status = 'done', done_reason = 'do_not_call'
WHERE s.status IN ('ready', 'scheduled')
    AND s.lead_id IN (
        SELECT l.lead_id FROM campaign AS c
        INNER JOIN lead AS l ON l.campaign_id = c.campaign_id
        WHERE l.phone = $1
        UNION
        SELECT p.lead_id FROM lead_phone AS p WHERE p.phone = $1
    );

-- name: remove_do_not_call
-- Take a number off the list. $1 phone
DELETE FROM do_not_call WHERE phone = $1;

-- name: list_do_not_call
-- The do-not-call list by number. $1 after phone, $2 limit
SELECT phone, reason, added_at, expires_at
FROM do_not_call
WHERE phone > $1
ORDER BY phone
LIMIT $2;
