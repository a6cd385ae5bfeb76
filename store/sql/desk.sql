-- The agent's desk: phones, the lead behind a call, what was said of it.

-- name: add_page_agent
-- An agent made in the pages; one that is there keeps its organisation.
-- $1 agent_id, $2 name, $3 organisation
INSERT INTO agent (agent_id, name, organisation) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- name: add_phone
-- A SIP account; one that is there keeps its secret. $1 endpoint, $2 secret
INSERT INTO phone (agent_id, secret) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: phone
-- One SIP account. $1 endpoint
SELECT
    p.agent_id AS endpoint,
    a.name,
    p.secret
FROM phone AS p
INNER JOIN agent AS a ON a.agent_id = p.agent_id
WHERE p.agent_id = $1;

-- name: list_phones
-- Every SIP account by endpoint.
SELECT
    p.agent_id AS endpoint,
    a.name,
    p.secret
FROM phone AS p
INNER JOIN agent AS a ON a.agent_id = p.agent_id
ORDER BY p.agent_id;

-- name: desk_lead
-- The lead behind an attempt. $1 attempt_id
SELECT
    l.lead_id,
    c.name AS campaign,
    a.number,
    l.company,
    l.contact,
    l.industry,
    l.chain_role,
    l.province,
    l.city,
    l.need,
    l.supply,
    l.remark,
    s.time_zone,
    s.tries
FROM attempt AS a
INNER JOIN lead AS l ON l.lead_id = a.lead_id
INNER JOIN lead_state AS s ON s.lead_id = l.lead_id
INNER JOIN campaign AS c ON c.campaign_id = a.campaign_id
WHERE a.attempt_id = $1;

-- name: desk_last_calls
-- The last five settled attempts of a lead, newest first. $1 lead_id, $2 attempt_id to leave out
SELECT
    a.planned_at AS dialled_at,
    a.network_result AS result,
    a.agent_disposition AS disposition,
    coalesce(w.note, '') AS note,
    a.agent,
    a.talk_seconds
FROM attempt AS a
LEFT JOIN call_wrap_up AS w ON w.call_id = a.attempt_id::text
WHERE a.lead_id = $1 AND a.attempt_id <> $2 AND a.settled_at IS NOT NULL
ORDER BY a.planned_at DESC
LIMIT 5;

-- name: desk_last_unsaved_call
-- The agent's newest connected call of these hours, if it said nothing of it. $1 agent, $2 since
SELECT n.attempt_id
FROM (
    SELECT a.attempt_id FROM attempt AS a
    WHERE a.agent = $1 AND a.planned_at >= $2 AND a.connected_at IS NOT NULL
    ORDER BY a.connected_at DESC LIMIT 1
) AS n
WHERE NOT EXISTS (
    SELECT 1 FROM call_wrap_up AS w WHERE w.call_id = n.attempt_id::text AND w.agent_id = $1
);

-- name: desk_agent_of_call
-- Who talked in a settled attempt. $1 attempt_id
SELECT agent FROM attempt WHERE attempt_id = $1 AND settled_at IS NOT NULL;

-- name: desk_attempt
-- Lead and number of the attempt behind a call, locked before its lead as its settlement does.
-- $1 attempt_id
SELECT lead_id, number FROM attempt WHERE attempt_id = $1 FOR NO KEY UPDATE;

-- name: save_wrap_up
-- What the agent says of a call; a later word replaces the former. Of a call that was handed over
-- several agents say something: notes are kept together, a colleague's silence takes back neither a
-- callback nor a do-not-call. Returns what holds now.
-- $1 call_id, $2 agent, $3 disposition, $4 note, $5 callback_at, $6 do_not_call
INSERT INTO call_wrap_up AS w (call_id, agent_id, disposition, note, callback_at, do_not_call)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (call_id) DO UPDATE SET
    agent_id = excluded.agent_id,
    disposition = excluded.disposition,
    note = CASE
        WHEN w.agent_id = excluded.agent_id THEN excluded.note
        ELSE concat_ws(E'\n', nullif(w.note, ''), nullif(excluded.note, ''))
    END,
    callback_at = CASE
        WHEN w.agent_id = excluded.agent_id THEN excluded.callback_at
        ELSE coalesce(excluded.callback_at, w.callback_at)
    END,
    do_not_call = excluded.do_not_call OR (w.agent_id <> excluded.agent_id AND w.do_not_call),
    saved_at = now()
RETURNING callback_at, do_not_call;

-- name: keep_early_words
-- What agents said of these calls before they were over holds for the leads, which are released
-- now: the promised call, or none any more. $1 attempt_ids
UPDATE lead_state AS s SET
    status = CASE WHEN w.do_not_call THEN 'done' ELSE 'scheduled' END,
    done_reason = CASE WHEN w.do_not_call THEN 'do_not_call' END,
    next_attempt_at = coalesce(b.due_at, s.next_attempt_at)
FROM attempt AS a
INNER JOIN call_wrap_up AS w ON w.call_id = a.attempt_id::text
LEFT JOIN callback AS b
    ON b.lead_id = a.lead_id AND b.closed_at IS NULL AND b.attempt_id IS NULL AND NOT w.do_not_call
WHERE a.attempt_id = ANY($1::uuid[]) AND s.lead_id = a.lead_id
    AND CASE
        WHEN w.do_not_call THEN s.status IN ('ready', 'scheduled')
        ELSE w.callback_at IS NOT NULL AND b.callback_id IS NOT NULL AND s.status <> 'leased'
    END;

-- name: set_agent_disposition
-- The public record shows it. $1 attempt_id, $2 disposition
UPDATE attempt SET agent_disposition = $2 WHERE attempt_id = $1;

-- name: schedule_callback
-- The lead is to be dialled again at the agreed time; the law still looks then. $1 lead_id, $2 at
UPDATE lead_state SET status = 'scheduled', next_attempt_at = $2, done_reason = NULL
WHERE lead_id = $1 AND status <> 'leased';

-- name: desk_targets
-- What an agent of the organisation should reach in a day. $1 organisation
SELECT
    target_attempts AS attempts,
    target_effective AS effective,
    target_talk_seconds AS talk_seconds
FROM organisation
WHERE organisation_id = $1;

-- name: organisation_queues
-- Queues of an organisation's campaigns, those that dial now first. $1 organisation
SELECT queue
FROM campaign
WHERE organisation = $1
GROUP BY queue
ORDER BY bool_or(status = 'running') DESC, queue;
