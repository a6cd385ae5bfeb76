-- The dialer's modes, law and lists.
-- "pre": runs before the code that needs it; old code must run on the new schema.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '600s';

-- How a campaign is dialled.
-- The new check allows what the old one did, and a campaign table has few rows.
-- squawk-ignore ban-drop-constraint
ALTER TABLE campaign DROP CONSTRAINT campaign_mode_check;
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE campaign ADD CONSTRAINT campaign_mode_check
CHECK (mode IN ('manual', 'preview', 'progressive', 'power', 'predictive'));
ALTER TABLE campaign
ADD COLUMN ratio double precision CONSTRAINT campaign_ratio_check CHECK (ratio >= 1 AND ratio <= 10),
ADD COLUMN max_abandonment double precision NOT NULL DEFAULT 0.03
CONSTRAINT campaign_max_abandonment_check CHECK (max_abandonment >= 0 AND max_abandonment <= 1),
ADD COLUMN priority integer NOT NULL DEFAULT 0
CONSTRAINT campaign_priority_check CHECK (priority BETWEEN -1000 AND 1000),
ADD COLUMN recording_notice text NOT NULL DEFAULT ''
CONSTRAINT campaign_recording_notice_check CHECK (recording_notice !~ '[[:cntrl:]]'),
ADD COLUMN list_order text NOT NULL DEFAULT 'priority'
CONSTRAINT campaign_list_order_check CHECK (list_order IN ('priority', 'oldest', 'newest', 'random'));
COMMENT ON COLUMN campaign.max_abandonment IS
'Share of the calls answered by a person that may find no agent in time; the law pack''s share holds too.';

ALTER TABLE attempt
ADD COLUMN half_seen_at timestamptz,
ADD COLUMN law_pack text NOT NULL DEFAULT '',
ADD COLUMN asked_by text;
COMMENT ON COLUMN attempt.half_seen_at IS
'Its call is over and was seen only in part: ringing_at to agent say what was seen; the records may say more.';
COMMENT ON COLUMN attempt.law_pack IS 'Version of the law pack that allowed it.';
COMMENT ON COLUMN attempt.asked_by IS 'Agent who asked for this call; null: the dialer chose the lead.';

-- Do-not-call: of everybody (do_not_call), of one campaign, and lists imported from outside.
CREATE TABLE do_not_call_campaign (
    campaign_id integer NOT NULL REFERENCES campaign,
    phone text NOT NULL CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
    reason text NOT NULL,
    added_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    PRIMARY KEY (campaign_id, phone)
);
CREATE TABLE do_not_call_list (
    name text PRIMARY KEY CHECK (name ~ '^[a-z0-9][a-z0-9_-]{0,39}$'),
    imported_at timestamptz NOT NULL
);
COMMENT ON TABLE do_not_call_list IS 'Lists imported from outside; a law pack says how old each may be.';
CREATE TABLE do_not_call_imported (
    phone text NOT NULL CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
    list text NOT NULL REFERENCES do_not_call_list ON DELETE CASCADE,
    expires_at timestamptz,
    PRIMARY KEY (phone, list)
);

-- The law's questions to the records.
-- Nothing is dialled while a migration runs, so writers of `call` can wait for its indexes.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX call_answered ON call (campaign, answered_at)
INCLUDE (connected_at, abandoned, amd_result, network_result, call_id)
WHERE answered AND direction = 'outbound';
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX call_abandoned_number ON call (number, ended_at) WHERE abandoned;

-- Leads are read in this order and in no other; without lead_id at its end a fresh list, whose
-- leads are all due since ever, was sorted as a whole for each lease.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX lead_due ON lead_state (campaign_id, time_zone, priority DESC, next_attempt_at, lead_id)
WHERE status = 'ready';
-- The other orders (campaign.list_order). A lease only takes leads out of "ready", so these cost an
-- import and a retry something, a lease nothing.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX lead_oldest ON lead_state (campaign_id, time_zone, priority DESC, lead_id)
WHERE status = 'ready';
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX lead_newest ON lead_state (campaign_id, time_zone, priority DESC, lead_id DESC)
WHERE status = 'ready';
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX lead_random
ON lead_state (campaign_id, time_zone, priority DESC, hashint8(lead_id), lead_id)
WHERE status = 'ready';
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX lead_ready;
