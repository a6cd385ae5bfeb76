-- name: list_campaigns
-- Every campaign with its settings, by name.
SELECT
    campaign_id, name, status, mode, queue, trunk, caller_id, calling_hours, rule_version, amd,
    ring_seconds, wrap_up_seconds, max_tries, max_tries_per_day, max_system_errors,
    max_lines, retry_seconds::text, ratio, max_abandonment, priority, recording_notice, list_order,
    dial_order, preview_seconds, preview_end, max_skips
FROM campaign
ORDER BY name;

-- name: add_campaign
-- Create a campaign. $1 name, $2 queue, $3 trunk, $4 caller_id, $5 calling_hours, $6 rule_version,
-- $7 amd, $8 ring_seconds, $9 wrap_up_seconds, $10 max_tries, $11 max_tries_per_day,
-- $12 max_lines, $13 retry_seconds as JSON text, $14 max_system_errors, $15 mode, $16 ratio,
-- $17 max_abandonment, $18 priority, $19 recording_notice, $20 list_order
INSERT INTO campaign (
    name, queue, trunk, caller_id, calling_hours, rule_version, amd, ring_seconds,
    wrap_up_seconds, max_tries, max_tries_per_day, max_lines, retry_seconds,
    max_system_errors, mode, ratio, max_abandonment, priority, recording_notice, list_order
)
VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::text::jsonb, $14, $15, $16, $17, $18,
    $19, $20
)
RETURNING campaign_id;

-- name: change_campaign
-- Change how a campaign is dialled; null leaves a setting as it is.
-- $1 name, $2 mode, $3 ratio, $4 max_abandonment, $5 priority, $6 max_lines, $7 calling_hours,
-- $8 recording_notice, $9 list_order, $10 ring_seconds
UPDATE campaign SET
    mode = coalesce($2, mode), ratio = coalesce($3, ratio),
    max_abandonment = coalesce($4, max_abandonment), priority = coalesce($5, priority),
    max_lines = coalesce($6, max_lines), calling_hours = coalesce($7, calling_hours),
    recording_notice = coalesce($8, recording_notice), list_order = coalesce($9, list_order),
    ring_seconds = coalesce($10, ring_seconds)
WHERE name = $1;

-- name: set_campaign_status
-- What the people want of a campaign. $1 name, $2 status
UPDATE campaign SET status = $2 WHERE name = $1;

-- name: promote_due_leads
-- Scheduled leads whose time has come are ready; promised ones are for their callback. $1 now
UPDATE lead_state AS s SET status = 'ready'
WHERE s.status = 'scheduled' AND s.next_attempt_at <= $1
    AND NOT EXISTS (SELECT FROM callback AS b WHERE b.lead_id = s.lead_id AND b.closed_at IS NULL);

-- name: close_leads_without_zone
-- The law fails closed: no time zone, never dialled; the reason stays to be read. $1 campaign_id
UPDATE lead_state SET
    status = 'done', done_reason = 'time_zone_unknown', held_reason = 'no time zone is known'
WHERE campaign_id = $1 AND time_zone = '' AND status = 'ready';

-- name: list_lead_zones
-- Time zones in which a campaign has ready leads. $1 campaign_id
SELECT DISTINCT time_zone FROM lead_state WHERE campaign_id = $1 AND status = 'ready';

-- name: lock_due_leads_priority
-- Due leads of one campaign and zone, locked, who is due for longest first; what others hold is skipped.
-- $1 campaign_id, $2 time_zone, $3 now, $4 limit
SELECT s.lead_id
FROM lead_state AS s
WHERE s.campaign_id = $1 AND s.time_zone = $2 AND s.status = 'ready' AND s.next_attempt_at <= $3
ORDER BY s.priority DESC, s.next_attempt_at, s.lead_id
LIMIT $4
FOR UPDATE SKIP LOCKED;

-- name: lock_due_leads_oldest
-- Due leads of one campaign and zone, locked, who was imported first; what others hold is skipped.
-- $1 campaign_id, $2 time_zone, $3 now, $4 limit
SELECT s.lead_id
FROM lead_state AS s
WHERE s.campaign_id = $1 AND s.time_zone = $2 AND s.status = 'ready' AND s.next_attempt_at <= $3
ORDER BY s.priority DESC, s.lead_id
LIMIT $4
FOR UPDATE SKIP LOCKED;

-- name: lock_due_leads_newest
-- Due leads of one campaign and zone, locked, who was imported last; what others hold is skipped.
-- $1 campaign_id, $2 time_zone, $3 now, $4 limit
SELECT s.lead_id
FROM lead_state AS s
WHERE s.campaign_id = $1 AND s.time_zone = $2 AND s.status = 'ready' AND s.next_attempt_at <= $3
ORDER BY s.priority DESC, s.lead_id DESC
LIMIT $4
FOR UPDATE SKIP LOCKED;

-- name: lock_due_leads_random
-- Due leads of one campaign and zone, locked, shuffled, the same way each time; what others hold is skipped.
-- $1 campaign_id, $2 time_zone, $3 now, $4 limit
SELECT s.lead_id
FROM lead_state AS s
WHERE s.campaign_id = $1 AND s.time_zone = $2 AND s.status = 'ready' AND s.next_attempt_at <= $3
ORDER BY s.priority DESC, hashint8(s.lead_id), s.lead_id
LIMIT $4
FOR UPDATE SKIP LOCKED;

-- name: law_facts
-- What the law needs to know of leads, in the order asked. $1 lead ids, $2 now
SELECT
    s.lead_id, n.phone, s.time_zone, s.tries, l.not_before, l.not_after, l.consent_ref,
    (
        SELECT count(*) FROM lead_phone AS o
        WHERE o.lead_id = s.lead_id AND o.position <> s.phone_position
            AND NOT o.is_dead AND o.time_zone <> ''
    ) AS other_numbers,
    (
        SELECT d.list FROM (
            -- Who opted out did so as a person: by whichever number, none of the lead's is dialled.
            SELECT 'internal' AS list, e.expires_at FROM do_not_call AS e
            WHERE e.phone = ANY(n.phones)
            UNION ALL
            SELECT 'campaign', e.expires_at FROM do_not_call_campaign AS e
            WHERE e.campaign_id = s.campaign_id AND e.phone = ANY(n.phones)
            UNION ALL
            -- A list from outside is about one number.
            SELECT e.list, e.expires_at FROM do_not_call_imported AS e WHERE e.phone = n.phone
        ) AS d
        WHERE d.expires_at IS NULL OR d.expires_at > $2
        ORDER BY d.list NOT IN ('internal', 'campaign'), d.expires_at DESC NULLS FIRST
        LIMIT 1
    ) AS do_not_call_list,
    EXISTS (
        SELECT FROM attempt AS a WHERE a.number = n.phone AND a.settled_at IS NULL
    ) AS is_being_called,
    (
        SELECT c.ended_at FROM call AS c
        WHERE c.number = n.phone AND c.abandoned
        ORDER BY c.ended_at DESC
        LIMIT 1
    ) AS abandoned_at,
    ARRAY(
        SELECT a.planned_at FROM attempt AS a
        WHERE a.number = n.phone
            AND a.planned_at > $2::timestamptz - interval '8 days'
            -- Our own failure is no try, unless the phone rang or nobody saw whether it did.
            AND (
                a.network_result IS DISTINCT FROM 'system_error'
                OR a.ringing_at IS NOT NULL
                OR a.settled_at IS NULL
                OR a.settled_by = 'records'
            )
        ORDER BY a.planned_at
    ) AS tried_at
FROM unnest($1::bigint[]) WITH ORDINALITY AS w (lead_id, position)
INNER JOIN lead_state AS s ON s.lead_id = w.lead_id
INNER JOIN lead AS l ON l.lead_id = w.lead_id
CROSS JOIN LATERAL (
    SELECT
        coalesce(max(p.phone) FILTER (WHERE p.position = s.phone_position), l.phone) AS phone,
        array_append(array_agg(p.phone), l.phone) AS phones
    FROM lead_phone AS p
    WHERE p.lead_id = s.lead_id
) AS n
ORDER BY w.position;

-- name: go_to_next_number
-- The lead's next number that can be dialled is its turn; none: it stays.
-- $1 lead_id, $2 whether the present one is dead
WITH present AS (
    UPDATE lead_phone AS p SET is_dead = p.is_dead OR $2
    FROM lead_state AS s
    WHERE s.lead_id = $1 AND p.lead_id = $1 AND p.position = s.phone_position
),

following AS (
    SELECT p.position, p.time_zone FROM lead_phone AS p
    INNER JOIN lead_state AS s ON s.lead_id = p.lead_id
    WHERE p.lead_id = $1 AND p.position <> s.phone_position AND NOT p.is_dead AND p.time_zone <> ''
    ORDER BY p.position < s.phone_position, p.position
    LIMIT 1
)

UPDATE lead_state AS s SET phone_position = f.position, time_zone = f.time_zone
FROM following AS f
WHERE s.lead_id = $1;

-- name: hold_leads
-- Do not dial locked leads now.
-- $1 lead ids, $2 statuses, $3 next_attempt_at (null: as it is), $4 done reasons, $5 why
UPDATE lead_state AS s SET
    status = h.status, next_attempt_at = coalesce(h.next_attempt_at, s.next_attempt_at),
    done_reason = h.done_reason, held_reason = h.held_reason
FROM unnest($1::bigint[], $2::text[], $3::timestamptz[], $4::text[], $5::text[])
    AS h (lead_id, status, next_attempt_at, done_reason, held_reason)
WHERE s.lead_id = h.lead_id;

-- name: plan_attempts
-- Take locked leads and save an attempt for each, before any Originate.
-- $1 lead ids, $2 attempt ids, $3 numbers, $4 campaign_id, $5 trunk, $6 caller_ids, $7 ring_seconds,
-- $8 now, $9 law_pack
WITH chosen AS (
    SELECT c.lead_id, c.attempt_id, c.number, c.caller_id
    FROM unnest($1::bigint[], $2::uuid[], $3::text[], $6::text[])
        AS c (lead_id, attempt_id, number, caller_id)
),

leased AS (
    UPDATE lead_state AS s SET status = 'leased', lease_id = c.attempt_id, held_reason = NULL
    FROM chosen AS c
    WHERE s.lead_id = c.lead_id
)

INSERT INTO attempt (
    attempt_id, lead_id, campaign_id, number, trunk, caller_id, ring_seconds, planned_at, law_pack
)
SELECT c.attempt_id, c.lead_id, $4, c.number, $5, c.caller_id, $7, $8, $9 FROM chosen AS c;

-- name: lists_imported_at
-- The imported do-not-call lists, and when each was last brought up to date.
SELECT name, imported_at FROM do_not_call_list;

-- name: look_at_lead
-- Where a lead stands. $1 lead_id
SELECT
    s.lead_id, l.phone, c.name AS campaign, s.status, s.done_reason, s.lease_id,
    CASE WHEN isfinite(s.next_attempt_at) THEN s.next_attempt_at END AS next_attempt_at
FROM lead_state AS s
INNER JOIN lead AS l ON l.lead_id = s.lead_id
INNER JOIN campaign AS c ON c.campaign_id = s.campaign_id
WHERE s.lead_id = $1;

-- name: leads_of_number
-- The leads that have this number, newest first. $1 phone
SELECT l.lead_id
FROM campaign AS c
INNER JOIN lead AS l ON l.campaign_id = c.campaign_id
WHERE l.phone = $1
UNION
SELECT p.lead_id FROM lead_phone AS p WHERE p.phone = $1
ORDER BY lead_id DESC;

-- name: count_leads_by_reason
-- A campaign's leads by where they stand and why. $1 campaign_id
SELECT
    status,
    CASE status
        WHEN 'done' THEN coalesce(done_reason, '')
        WHEN 'scheduled' THEN coalesce(held_reason, last_result, '')
        ELSE ''
    END AS why,
    count(*) AS leads,
    min(next_attempt_at) FILTER (WHERE isfinite(next_attempt_at)) AS first_at
FROM lead_state
WHERE campaign_id = $1
GROUP BY 1, 2
ORDER BY 1, leads DESC, 2;

-- name: list_open_attempts
-- Attempts whose end is not saved yet, oldest first.
SELECT
    a.attempt_id, a.lead_id, c.name AS campaign, c.queue, a.number, a.trunk, a.caller_id,
    a.ring_seconds, a.planned_at, a.cancelled_at,
    -- what was seen of its call, if only a part was
    a.half_seen_at, a.network_result, a.hangup_cause, a.ringing_at, a.answered_at, a.connected_at,
    a.ended_at, a.talk_seconds, a.agent, a.asked_by
FROM attempt AS a
INNER JOIN campaign AS c ON c.campaign_id = a.campaign_id
WHERE a.settled_at IS NULL
ORDER BY a.planned_at;

-- name: save_half_seen
-- What the floor saw, only in part, of a call that is over; how it ended is for the records to say.
-- $1 attempt_id, $2 now, $3 network_result, $4 hangup_cause, $5 ringing_at, $6 answered_at,
-- $7 connected_at, $8 ended_at, $9 talk_seconds, $10 agent
UPDATE attempt SET
    half_seen_at = $2, network_result = $3, hangup_cause = $4, ringing_at = $5, answered_at = $6,
    connected_at = $7, ended_at = $8, talk_seconds = $9, agent = $10
WHERE attempt_id = $1 AND settled_at IS NULL;

-- name: settle_attempts
-- Save how attempts ended, each once; returns those that were not settled before.
-- $1 attempt ids, $2 now, then a value for each: $3 network_result, $4 hangup_cause, $5 ringing_at,
-- $6 answered_at, $7 connected_at, $8 ended_at, $9 talk_seconds, $10 agent, $11 settled_by
UPDATE attempt AS a SET
    settled_at = $2, network_result = e.network_result, hangup_cause = e.hangup_cause,
    ringing_at = coalesce(e.ringing_at, a.ringing_at), answered_at = e.answered_at,
    connected_at = e.connected_at, ended_at = e.ended_at, talk_seconds = e.talk_seconds,
    agent = e.agent, settled_by = e.settled_by
FROM unnest(
    $1::uuid[], $3::text[], $4::integer[], $5::timestamptz[], $6::timestamptz[],
    $7::timestamptz[], $8::timestamptz[], $9::numeric[], $10::text[], $11::text[]
) AS e (
    attempt_id, network_result, hangup_cause, ringing_at, answered_at,
    connected_at, ended_at, talk_seconds, agent, settled_by
)
WHERE a.attempt_id = e.attempt_id AND a.settled_at IS NULL
RETURNING a.attempt_id;

-- name: lead_histories
-- The leads of attempts, locked, with the last results of each attempt's number, newest first; its
-- own is among them. $1 attempt ids
SELECT
    a.attempt_id, s.lead_id, s.tries,
    ARRAY(
        SELECT b.network_result FROM attempt AS b
        WHERE b.lead_id = s.lead_id AND b.number = a.number AND b.settled_at IS NOT NULL
        ORDER BY b.planned_at DESC LIMIT 40
    ) AS results,
    (
        SELECT count(*) FROM lead_phone AS p
        WHERE p.lead_id = s.lead_id AND p.position > s.phone_position
            AND NOT p.is_dead AND p.time_zone <> ''
    ) AS numbers_after,
    (
        SELECT count(*) FROM lead_phone AS p
        WHERE p.lead_id = s.lead_id AND p.position < s.phone_position
            AND NOT p.is_dead AND p.time_zone <> ''
    ) AS numbers_before
FROM attempt AS a
INNER JOIN lead_state AS s ON s.lead_id = a.lead_id
WHERE a.attempt_id = ANY($1::uuid[])
ORDER BY s.lead_id
FOR UPDATE OF s;

-- name: release_leads
-- The attempts that leased these leads are over. A value for each of
-- $1 lead_id, $2 attempt_id, $3 status, $4 next_attempt_at, $5 done_reason, $6 tries to add, $7 result
UPDATE lead_state AS s SET
    status = r.status, next_attempt_at = coalesce(r.next_attempt_at, s.next_attempt_at),
    done_reason = r.done_reason, tries = s.tries + r.tries, last_result = r.result, lease_id = NULL
FROM unnest(
    $1::bigint[], $2::uuid[], $3::text[], $4::timestamptz[], $5::text[], $6::integer[], $7::text[]
) AS r (lead_id, attempt_id, status, next_attempt_at, done_reason, tries, result)
WHERE s.lead_id = r.lead_id AND s.lease_id = r.attempt_id;

-- name: mark_cancelled
-- We are about to hang up a call that was not answered. $1 attempt_id, $2 now
UPDATE attempt SET cancelled_at = coalesce(cancelled_at, $2) WHERE attempt_id = $1;

-- name: count_leads_left
-- Leads of a campaign that may still be dialled. $1 campaign_id
SELECT
    count(*) FILTER (WHERE status = 'ready') AS ready,
    count(*) FILTER (WHERE status = 'scheduled') AS scheduled,
    count(*) FILTER (WHERE status = 'leased') AS leased,
    count(*) FILTER (WHERE status = 'done') AS done
FROM lead_state
WHERE campaign_id = $1;

-- name: list_seats
-- Who should be signed in, where, and paused why.
SELECT s.agent_id, a.name, s.queue, s.pause_reason
FROM seat AS s
INNER JOIN agent AS a ON a.agent_id = s.agent_id
ORDER BY s.agent_id;

-- name: add_agent
-- Make an agent known, or rename it. $1 agent_id, $2 name
INSERT INTO agent (agent_id, name) VALUES ($1, $2)
ON CONFLICT (agent_id) DO UPDATE SET name = excluded.name;

-- name: list_agents
-- Every agent with its seat, if it is signed in.
SELECT a.agent_id, a.name, s.queue, s.pause_reason
FROM agent AS a
LEFT JOIN seat AS s ON s.agent_id = a.agent_id
ORDER BY a.agent_id;

-- name: sign_in_agent
-- The agent should sit in the queue. $1 agent_id, $2 queue
INSERT INTO seat (agent_id, queue) VALUES ($1, $2)
ON CONFLICT (agent_id) DO UPDATE SET
    queue = excluded.queue, pause_reason = NULL, changed_at = now();

-- name: move_agent
-- The agent should sit in this queue instead, paused or not as before. $1 agent_id, $2 queue
UPDATE seat SET queue = $2, changed_at = now() WHERE agent_id = $1;

-- name: sign_out_agent
-- The agent should sit nowhere. $1 agent_id
DELETE FROM seat WHERE agent_id = $1;

-- name: pause_agent
-- The agent should be paused for this reason (null: resumed). $1 agent_id, $2 reason
UPDATE seat SET pause_reason = $2, changed_at = now() WHERE agent_id = $1;
