-- Calls that agents ask for: click-to-call and previews.

-- name: lock_lead
-- One lead, for this transaction alone. $1 lead_id
SELECT lead_id, campaign_id, lease_id FROM lead_state WHERE lead_id = $1 FOR UPDATE;

-- name: lead_of_campaign
-- The lead that has this number in a campaign. $1 campaign_id, $2 phone
SELECT lead_id FROM lead WHERE campaign_id = $1 AND phone = $2;

-- name: add_typed_lead
-- A number that an agent typed is a lead from now on, due at once; null: it was one before.
-- $1 campaign_id, $2 phone, $3 time_zone, $4 owner
WITH added AS (
    INSERT INTO lead (campaign_id, phone, owner) VALUES ($1, $2, $4)
    ON CONFLICT (campaign_id, phone) DO NOTHING
    RETURNING lead_id
)

INSERT INTO lead_state (lead_id, campaign_id, time_zone, status, next_attempt_at)
SELECT lead_id, $1, $3, 'scheduled', now() FROM added
RETURNING lead_id;

-- name: plan_asked_attempt
-- Take a locked lead and save the attempt that an agent asked for, before its Originate.
-- $1 lead_id, $2 attempt_id, $3 number, $4 campaign_id, $5 trunk, $6 caller_id, $7 ring_seconds,
-- $8 now, $9 law_pack, $10 agent
WITH leased AS (
    UPDATE lead_state SET status = 'leased', lease_id = $2, held_reason = NULL WHERE lead_id = $1
)

INSERT INTO attempt (
    attempt_id, lead_id, campaign_id, number, trunk, caller_id, ring_seconds, planned_at, law_pack,
    asked_by
)
VALUES ($2, $1, $4, $3, $5, $6, $7, $8, $9, $10);

-- name: show_preview
-- Lease a locked lead to an agent who looks at it.
-- $1 preview_id, $2 lead_id, $3 campaign_id, $4 agent, $5 now, $6 decide_by
WITH leased AS (
    UPDATE lead_state SET status = 'leased', lease_id = $1, held_reason = NULL WHERE lead_id = $2
)

INSERT INTO preview (preview_id, lead_id, campaign_id, agent_id, shown_at, decide_by)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: list_previews
-- Every lead that an agent looks at now.
SELECT p.preview_id, p.lead_id, c.name AS campaign, p.agent_id, p.shown_at, p.decide_by
FROM preview AS p
INNER JOIN campaign AS c ON c.campaign_id = p.campaign_id
ORDER BY p.shown_at;

-- name: end_preview
-- Nobody looks at the lead any more. $1 preview_id
DELETE FROM preview WHERE preview_id = $1 RETURNING lead_id, campaign_id, agent_id;

-- name: return_lead
-- The lead of a preview that was not dialled waits again. $1 lead_id, $2 preview_id, $3 next_attempt_at
UPDATE lead_state SET
    status = 'scheduled', next_attempt_at = $3, lease_id = NULL, held_reason = 'shown to an agent'
WHERE lead_id = $1 AND lease_id = $2;

-- name: count_skip
-- One more lead skipped in a row. $1 agent, $2 campaign_id
INSERT INTO preview_skips AS s (agent_id, campaign_id, skips) VALUES ($1, $2, 1)
ON CONFLICT (agent_id, campaign_id) DO UPDATE SET skips = s.skips + 1;

-- name: skips_in_a_row
-- How many leads the agent has skipped since the last dialled one. $1 agent, $2 campaign_id
SELECT skips FROM preview_skips WHERE agent_id = $1 AND campaign_id = $2;

-- name: forget_skips
-- The agent has dialled. $1 agent, $2 campaign_id
DELETE FROM preview_skips WHERE agent_id = $1 AND campaign_id = $2;

-- name: preview_of_agent
-- What an agent looks at now, and how many it skipped before. $1 agent
SELECT
    p.preview_id, p.lead_id, p.shown_at, p.decide_by, c.preview_end, c.max_skips,
    coalesce(k.skips, 0) AS skips, b.due_at AS callback_at, coalesce(b.note, '') AS callback_note
FROM preview AS p
INNER JOIN campaign AS c ON c.campaign_id = p.campaign_id
LEFT JOIN preview_skips AS k ON k.agent_id = p.agent_id AND k.campaign_id = p.campaign_id
LEFT JOIN callback AS b ON b.lead_id = p.lead_id AND b.closed_at IS NULL
WHERE p.agent_id = $1;

-- name: lead_card
-- A lead as its agent sees it before the call. $1 lead_id
SELECT
    l.lead_id, c.name AS campaign, l.phone AS number, l.company, l.contact, l.industry,
    l.chain_role, l.province, l.city, l.need, l.supply, l.remark, s.time_zone, s.tries
FROM lead AS l
INNER JOIN lead_state AS s ON s.lead_id = l.lead_id
INNER JOIN campaign AS c ON c.campaign_id = l.campaign_id
WHERE l.lead_id = $1;

-- name: last_asked_attempt
-- The agent's newest asked attempt and how it ended. $1 agent, $2 since
SELECT attempt_id, number, network_result, settled_by
FROM attempt
WHERE asked_by = $1 AND planned_at >= $2
ORDER BY planned_at DESC
LIMIT 1;

-- name: set_asked_dialling
-- How calls that agents ask for are dialled; null leaves a setting as it is.
-- $1 campaign, $2 dial_order, $3 preview_seconds, $4 preview_end, $5 max_skips
UPDATE campaign SET
    dial_order = coalesce($2, dial_order), preview_seconds = coalesce($3, preview_seconds),
    preview_end = coalesce($4, preview_end), max_skips = coalesce($5, max_skips)
WHERE name = $1;
