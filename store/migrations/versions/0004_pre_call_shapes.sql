-- squawk-ignore-file require-concurrent-index-creation
-- Columns for what a call did on its way (docs/records.md, ADR 14). Old code writes none of them.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '1h';

ALTER TABLE call ADD COLUMN hold_seconds numeric(12, 6) NOT NULL DEFAULT 0;
ALTER TABLE call ADD COLUMN turns text [] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN call.hold_seconds IS 'With no agent, after the first one came.';
COMMENT ON COLUMN call.turns IS 'blind_transfer, park and so on, in order.';
ALTER TABLE call_agent ADD COLUMN ring_seconds numeric(12, 6);
COMMENT ON COLUMN call_agent.ring_seconds IS 'The agent''s phone; null: Asterisk did not say.';

-- Those who meet in a room keep linkedids of their own: the room leads from one to the other.
CREATE INDEX cel_room ON cel (substring(extra FROM '"bridge_id":"([^"]+)"'))
WHERE appname = 'ConfBridge' AND eventtype = 'BRIDGE_ENTER';

CREATE OR REPLACE VIEW call_record AS
SELECT
    c.call_id,
    c.attempt_id,
    c.campaign,
    a.lead_id,
    c.agent,
    c.direction,
    c.number,
    c.network_result,
    c.amd_result,
    a.agent_disposition,
    c.dialled_at,
    a.ringing_at,
    c.answered_at,
    c.connected_at,
    c.ended_at,
    round(extract(EPOCH FROM coalesce(c.answered_at, c.ended_at) - a.ringing_at), 6) AS ring_seconds,
    c.wait_seconds,
    c.talk_seconds,
    c.valid,
    c.effective,
    c.rule_version,
    c.hangup_cause,
    c.hangup_by,
    c.trunk,
    c.caller_id,
    c.recording,
    c.linkedid,
    c.hold_seconds,
    c.turns
FROM call AS c
LEFT JOIN attempt AS a ON a.attempt_id = c.attempt_id;

CREATE VIEW call_part AS
SELECT p.call_id, p.agent, p.connected_at, p.ring_seconds, p.talk_seconds
FROM call_agent AS p;
COMMENT ON VIEW call_part IS 'Public and stable: one row per agent of a call; talk adds up to its.';
