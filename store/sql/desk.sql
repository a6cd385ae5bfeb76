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
-- The agent's newest connected call of these hours, if nothing was said of it. $1 agent, $2 since
SELECT n.attempt_id
FROM (
    SELECT a.attempt_id FROM attempt AS a
    WHERE a.agent = $1 AND a.planned_at >= $2 AND a.connected_at IS NOT NULL
    ORDER BY a.connected_at DESC LIMIT 1
) AS n
WHERE NOT EXISTS (SELECT 1 FROM call_wrap_up AS w WHERE w.call_id = n.attempt_id::text);

-- name: desk_agent_of_call
-- Who talked in a settled attempt. $1 attempt_id
SELECT agent FROM attempt WHERE attempt_id = $1 AND settled_at IS NOT NULL;

-- name: desk_settled_lead
-- Lead and number of a settled attempt, the lead locked. $1 attempt_id
SELECT
    a.lead_id,
    a.number
FROM attempt AS a
INNER JOIN lead_state AS s ON s.lead_id = a.lead_id
WHERE a.attempt_id = $1 AND a.settled_at IS NOT NULL AND s.status <> 'leased'
FOR UPDATE OF s;

-- name: save_wrap_up
-- What the agent says of a call; a later word replaces the former.
-- $1 call_id, $2 agent, $3 disposition, $4 note, $5 callback_at, $6 do_not_call
INSERT INTO call_wrap_up (call_id, agent_id, disposition, note, callback_at, do_not_call)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (call_id) DO UPDATE SET
    disposition = excluded.disposition, note = excluded.note,
    callback_at = excluded.callback_at, do_not_call = excluded.do_not_call, saved_at = now();

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
