-- Calls that agents ask for: click-to-call, previews, callbacks.
-- "pre": old code runs on it; every new column has a default.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '600s';

ALTER TABLE campaign
ADD COLUMN dial_order text NOT NULL DEFAULT 'agent_first'
CONSTRAINT campaign_dial_order_check CHECK (dial_order IN ('agent_first', 'customer_first')),
ADD COLUMN preview_seconds integer NOT NULL DEFAULT 60
CONSTRAINT campaign_preview_seconds_check CHECK (preview_seconds BETWEEN 5 AND 3600),
ADD COLUMN preview_end text NOT NULL DEFAULT 'return'
CONSTRAINT campaign_preview_end_check CHECK (preview_end IN ('return', 'dial')),
ADD COLUMN max_skips integer NOT NULL DEFAULT 5
CONSTRAINT campaign_max_skips_check CHECK (max_skips BETWEEN 0 AND 1000);
COMMENT ON COLUMN campaign.max_skips IS 'Leads that an agent may skip in a row; the next one is to be dialled.';

-- No agent has two calls of own asking at once. Attempts of the dialer itself are not in it.
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX attempt_asked ON attempt (asked_by) WHERE settled_at IS NULL AND asked_by IS NOT NULL;

-- Leads that agents look at now. The lead is leased by the preview's id, which becomes the attempt's.
CREATE TABLE preview (
    preview_id uuid PRIMARY KEY,
    lead_id bigint NOT NULL UNIQUE REFERENCES lead ON DELETE CASCADE,
    campaign_id integer NOT NULL REFERENCES campaign,
    agent_id text NOT NULL UNIQUE,
    shown_at timestamptz NOT NULL,
    decide_by timestamptz NOT NULL
);

CREATE TABLE preview_skips (
    agent_id text NOT NULL,
    campaign_id integer NOT NULL REFERENCES campaign ON DELETE CASCADE,
    skips integer NOT NULL CHECK (skips >= 0),
    PRIMARY KEY (agent_id, campaign_id)
);
COMMENT ON TABLE preview_skips IS 'How many leads an agent has skipped since the last one that it dialled.';

-- Promises to call again. One is open for a lead at most; while it is, the dialer leaves the lead alone.
CREATE TABLE callback (
    callback_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    lead_id bigint NOT NULL REFERENCES lead ON DELETE CASCADE,
    campaign_id integer NOT NULL REFERENCES campaign,
    agent_id text,
    due_at timestamptz NOT NULL,
    note text NOT NULL DEFAULT '',
    promised_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    attempt_id uuid,
    missed_at timestamptz,
    closed_at timestamptz,
    closed_by text
);
COMMENT ON COLUMN callback.agent_id IS 'Who is to call; null: any agent of the queue.';
COMMENT ON COLUMN callback.attempt_id IS 'The attempt that is under way for it.';
CREATE UNIQUE INDEX callback_open ON callback (lead_id) WHERE closed_at IS NULL;
CREATE INDEX callback_due ON callback (due_at) WHERE closed_at IS NULL;

INSERT INTO callback (lead_id, campaign_id, agent_id, due_at, note, promised_by)
SELECT DISTINCT ON (a.lead_id) a.lead_id, a.campaign_id, w.agent_id, w.callback_at, w.note, w.agent_id
FROM call_wrap_up AS w
INNER JOIN attempt AS a ON a.attempt_id::text = w.call_id
INNER JOIN lead_state AS s ON s.lead_id = a.lead_id
WHERE w.callback_at > now() AND s.status = 'scheduled' AND s.next_attempt_at = w.callback_at
ORDER BY a.lead_id, w.saved_at DESC;
