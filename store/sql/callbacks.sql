-- Promises to call again.

-- name: promise_callback
-- A lead is to be called at a time; the former promise is replaced.
-- $1 lead_id, $2 agent or null for any, $3 due_at, $4 note, $5 promised_by
INSERT INTO callback AS b (lead_id, campaign_id, agent_id, due_at, note, promised_by)
SELECT l.lead_id, l.campaign_id, $2, $3, $4, $5 FROM lead AS l WHERE l.lead_id = $1
ON CONFLICT (lead_id) WHERE closed_at IS NULL DO UPDATE SET
    agent_id = excluded.agent_id, due_at = excluded.due_at, note = excluded.note,
    promised_by = excluded.promised_by, missed_at = NULL, attempt_id = NULL;

-- name: close_callback_of_lead
-- A promise is over. $1 lead_id, $2 why
UPDATE callback SET closed_at = now(), closed_by = $2 WHERE lead_id = $1 AND closed_at IS NULL;

-- name: begin_callback
-- An attempt of the lead is under way: it is the promised call. $1 lead_id, $2 attempt_id
UPDATE callback SET attempt_id = $2 WHERE lead_id = $1 AND closed_at IS NULL;

-- name: end_callbacks
-- Attempts that were made for callbacks and are over: kept promises are closed, others stay open
-- until the lead's next try; after an agent who did not take the own phone, for a minute.
UPDATE callback AS b SET
    attempt_id = NULL,
    closed_at = CASE WHEN a.answered_at IS NOT NULL OR s.status = 'done' THEN a.settled_at END,
    closed_by = CASE
        WHEN a.answered_at IS NOT NULL THEN 'called'
        WHEN s.status = 'done' THEN s.done_reason
    END,
    due_at = CASE
        WHEN a.answered_at IS NOT NULL OR s.status = 'done' THEN b.due_at
        WHEN a.settled_by = 'never_sent' THEN greatest(b.due_at, a.settled_at + interval '1 minute')
        ELSE greatest(b.due_at, s.next_attempt_at)
    END
FROM attempt AS a, lead_state AS s
WHERE b.closed_at IS NULL AND b.attempt_id IS NOT NULL AND a.attempt_id = b.attempt_id
    AND a.settled_at IS NOT NULL AND s.lead_id = b.lead_id;

-- name: due_callbacks
-- Open promises whose time has come or is near, the first one first. $1 before
SELECT b.callback_id, b.lead_id, c.name AS campaign, b.agent_id, b.due_at, b.missed_at
FROM callback AS b
INNER JOIN campaign AS c ON c.campaign_id = b.campaign_id
WHERE b.closed_at IS NULL AND b.attempt_id IS NULL AND b.due_at <= $1
ORDER BY b.due_at, b.callback_id
LIMIT 1000;

-- name: miss_callbacks
-- Promises that were not kept in time; each is told once. $1 ids, $2 now
UPDATE callback SET missed_at = $2
WHERE callback_id = ANY($1::bigint[]) AND missed_at IS NULL AND closed_at IS NULL;

-- name: open_callbacks
-- Open promises. $1 agent or null, $2 campaigns, $3 only missed ones, $4 limit
SELECT
    b.callback_id, b.lead_id, c.name AS campaign, b.agent_id, b.due_at, b.missed_at, b.note,
    l.company, l.contact, l.phone AS number, s.time_zone
FROM callback AS b
INNER JOIN campaign AS c ON c.campaign_id = b.campaign_id
INNER JOIN lead AS l ON l.lead_id = b.lead_id
INNER JOIN lead_state AS s ON s.lead_id = b.lead_id
WHERE b.closed_at IS NULL
    AND ($1::text IS NULL OR b.agent_id = $1)
    AND ($2::text [] IS NULL OR c.name = ANY($2::text []))
    AND (NOT $3 OR b.missed_at IS NOT NULL)
ORDER BY b.due_at, b.callback_id
LIMIT $4;

-- name: assign_callbacks
-- Give open promises to another agent (null: to any). $1 campaigns, $2 from agent (null: of
-- nobody in particular), $3 to agent or null, $4 ids or null for all of them
UPDATE callback AS b SET agent_id = $3, missed_at = NULL
FROM campaign AS c
WHERE c.campaign_id = b.campaign_id AND b.closed_at IS NULL AND b.attempt_id IS NULL
    AND ($1::text [] IS NULL OR c.name = ANY($1::text []))
    AND b.agent_id IS NOT DISTINCT FROM $2
    AND ($4::bigint [] IS NULL OR b.callback_id = ANY($4::bigint []));

-- name: count_missed_callbacks
-- Open promises that were not kept in time, by campaign.
SELECT c.name AS campaign, count(*) AS missed, min(b.due_at) AS first_at
FROM callback AS b
INNER JOIN campaign AS c ON c.campaign_id = b.campaign_id
WHERE b.closed_at IS NULL AND b.missed_at IS NOT NULL
GROUP BY c.name
ORDER BY c.name;
