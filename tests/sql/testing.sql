-- name: test_records
-- Every call record with how its attempt was settled.
SELECT
    r.number, r.network_result, r.amd_result, r.answered_at, r.talk_seconds, r.valid, r.effective,
    r.hangup_by, r.agent, a.settled_by
FROM call_record AS r
INNER JOIN attempt AS a ON a.attempt_id = r.attempt_id
ORDER BY r.number, r.dialled_at;

-- name: test_add_lead
-- One lead of a campaign. $1 campaign name, $2 phone, $3 time_zone
WITH added AS (
    INSERT INTO lead (campaign_id, phone)
    SELECT campaign_id, $2 FROM campaign WHERE name = $1
    RETURNING lead_id, campaign_id
)
INSERT INTO lead_state (lead_id, campaign_id, time_zone)
SELECT lead_id, campaign_id, $3 FROM added;

-- name: test_lead_state
-- The hot half of a lead. $1 lead_id
SELECT status, tries, done_reason FROM lead_state WHERE lead_id = $1;

-- name: test_any_lead_state
-- The hot half of the only lead there is.
SELECT status, tries, done_reason, held_reason, next_attempt_at FROM lead_state;

-- name: test_add_do_not_call
-- Put a number on the do-not-call list. $1 phone
INSERT INTO do_not_call (phone, reason) VALUES ($1, 'test');

-- name: count_attempts
-- How many attempts a campaign has planned. $1 campaign name
SELECT count(*) FROM attempt AS a
INNER JOIN campaign AS c ON c.campaign_id = a.campaign_id
WHERE c.name = $1;

-- name: test_add_call
-- One answered outbound call, ended after a minute.
-- $1 call_id, $2 campaign, $3 answered_at, $4 connected_at, $5 abandoned, $6 amd, $7 network result
INSERT INTO call (
    call_id, linkedid, campaign, direction, number, network_result, amd_result, dialled_at,
    answered_at, connected_at, ended_at, talk_seconds, answered, abandoned, valid, effective,
    rule_version
)
VALUES (
    $1, $1, $2, 'outbound', '+8613910000001', $7, $6, $3::timestamptz, $3, $4, $3::timestamptz + interval '1 minute', 0, true,
    $5, false, false, 'standard-1'
);

-- name: test_call_went_by
-- Say by which line a call went, and to which lead. $1 call_id, $2 trunk, $3 caller ID, $4 lead_id
UPDATE call SET trunk = $2, caller_id = $3, lead_id = $4 WHERE call_id = $1;

-- name: test_end_lead
-- A lead needs no further call. $1 lead_id
UPDATE lead_state SET status = 'done', done_reason = 'sold' WHERE lead_id = $1;

-- name: test_call_records
-- What the public view says of every call, oldest first.
SELECT
    agent, agent_disposition, hangup_by, talk_seconds, direction, number, dialled_at, valid,
    effective
FROM call_record
ORDER BY dialled_at;

-- name: test_any_lead
-- The first lead there is.
SELECT min(lead_id) FROM lead;

-- name: test_call_answers
-- Which calls have a record, and whether it says that they were answered.
SELECT call_id, answered FROM call;

-- name: test_count_leads
-- How many leads there are.
SELECT count(*) FROM lead;

-- name: test_count_open_attempts
-- Attempts whose end is not saved.
SELECT count(*) FROM attempt WHERE settled_at IS NULL;

-- name: test_set_priority
-- Give the lead of a number a priority. $1 phone, $2 priority
UPDATE lead_state AS s SET priority = $2 FROM lead AS l WHERE l.lead_id = s.lead_id AND l.phone = $1;

-- name: test_open_leads
-- The leads that are not over.
SELECT l.lead_id, l.phone FROM lead AS l
INNER JOIN lead_state AS s ON s.lead_id = l.lead_id
WHERE s.status <> 'done'
ORDER BY l.lead_id;

-- name: test_add_internal_call
-- An asked call of which only the agent's own phone rang. $1 attempt_id, $2 when
INSERT INTO call (
    call_id, attempt_id, linkedid, campaign, direction, number, network_result, dialled_at,
    ended_at, talk_seconds, answered, abandoned, valid, effective, rule_version
)
VALUES (
    $1::uuid::text, $1, $1::uuid::text, 'spring', 'internal', '+8613910000001', 'no_answer', $2, $2, 0, false,
    false, false, false, 'standard-1'
);

-- name: test_wrap_up
-- What was said of a call. $1 call_id
SELECT agent_id, disposition, note FROM call_wrap_up WHERE call_id = $1;

-- name: test_called_from
-- One call of the first lead a minute ago that showed this number, and is over. $1 campaign, $2 number
INSERT INTO attempt (
    attempt_id, lead_id, campaign_id, number, trunk, caller_id, ring_seconds, planned_at,
    settled_at, settled_by, network_result
)
SELECT
    gen_random_uuid(), min(l.lead_id), c.campaign_id, '+8613999999999', 'carrier', $2, 20,
    now() - interval '1 minute', now(), 'floor', 'no_answer'
FROM campaign AS c
INNER JOIN lead AS l ON l.campaign_id = c.campaign_id
WHERE c.name = $1
GROUP BY c.campaign_id;
