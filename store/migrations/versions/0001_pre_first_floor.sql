-- First schema. Raw SQL, no contrib, so that any Postgres >= 15 will do.
-- "pre": runs before the code that needs it; old code must run on the new schema.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE effective_call_rule (
    version text PRIMARY KEY,
    valid_seconds numeric(12, 6) NOT NULL CHECK (valid_seconds >= 0),
    effective_seconds numeric(12, 6) NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK (effective_seconds >= valid_seconds)
);
COMMENT ON TABLE effective_call_rule IS 'Versioned thresholds; a version is never changed, only followed.';
INSERT INTO effective_call_rule (version, valid_seconds, effective_seconds)
VALUES ('standard-1', 5, 180), ('demo-1', 1, 4);

CREATE TABLE campaign (
    campaign_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9][a-z0-9_-]{0,39}$'),
    status text NOT NULL DEFAULT 'stopped' CHECK (status IN ('stopped', 'running', 'paused')),
    mode text NOT NULL DEFAULT 'progressive' CHECK (mode IN ('progressive')),
    queue text NOT NULL DEFAULT 'callfloor' CHECK (queue ~ '^[A-Za-z0-9_.-]{1,79}$'),
    trunk text NOT NULL DEFAULT 'carrier' CHECK (trunk ~ '^[A-Za-z0-9_.-]{1,79}$'),
    caller_id text NOT NULL DEFAULT '' CHECK (caller_id ~ '^([+]?[0-9]{2,20})?$'),
    calling_hours text NOT NULL DEFAULT 'standard-1',
    rule_version text NOT NULL DEFAULT 'standard-1' REFERENCES effective_call_rule,
    amd text NOT NULL DEFAULT 'off' CHECK (amd IN ('off', 'label', 'hangup')),
    ring_seconds integer NOT NULL DEFAULT 30 CHECK (ring_seconds BETWEEN 1 AND 120),
    wrap_up_seconds integer NOT NULL DEFAULT 10 CHECK (wrap_up_seconds BETWEEN 0 AND 3600),
    max_tries integer NOT NULL DEFAULT 3 CHECK (max_tries BETWEEN 1 AND 50),
    max_tries_per_day integer NOT NULL DEFAULT 2 CHECK (max_tries_per_day BETWEEN 1 AND 50),
    max_system_errors integer NOT NULL DEFAULT 10 CHECK (max_system_errors BETWEEN 1 AND 1000),
    max_lines integer NOT NULL DEFAULT 100 CHECK (max_lines BETWEEN 1 AND 10000),
    retry_seconds jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN campaign.retry_seconds IS 'Seconds until the next try by network_result; overrides the table in calls.outcomes.';

CREATE TABLE lead (
    lead_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    campaign_id integer NOT NULL REFERENCES campaign,
    phone text NOT NULL CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
    phone2 text,
    external_id text,
    company text NOT NULL DEFAULT '',
    contact text NOT NULL DEFAULT '',
    industry text NOT NULL DEFAULT '',
    chain_role text NOT NULL DEFAULT '',
    province text NOT NULL DEFAULT '',
    city text NOT NULL DEFAULT '',
    need text NOT NULL DEFAULT '',
    supply text NOT NULL DEFAULT '',
    owner text NOT NULL DEFAULT '',
    consent_ref text NOT NULL DEFAULT '',
    remark text NOT NULL DEFAULT '',
    not_before timestamptz,
    not_after timestamptz,
    imported_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (campaign_id, phone)
);

-- The hot half of a lead: narrow, few indexes, vacuumed often (measured: statuses are never HOT).
CREATE TABLE lead_state (
    lead_id bigint PRIMARY KEY REFERENCES lead ON DELETE CASCADE,
    campaign_id integer NOT NULL,
    time_zone text NOT NULL,
    priority integer NOT NULL DEFAULT 0,
    status text NOT NULL DEFAULT 'ready' CHECK (status IN ('ready', 'scheduled', 'leased', 'done')),
    next_attempt_at timestamptz NOT NULL DEFAULT '-infinity',
    tries integer NOT NULL DEFAULT 0,
    lease_id uuid,
    leased_until timestamptz,
    last_result text,
    done_reason text,
    held_reason text,
    CHECK ((status = 'leased') = (lease_id IS NOT NULL)),
    CHECK ((status = 'done') = (done_reason IS NOT NULL))
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);
COMMENT ON COLUMN lead_state.time_zone IS 'IANA name of the callee''s zone; empty: unknown, so never dialled.';
COMMENT ON COLUMN lead_state.held_reason IS 'Why the last look at this lead did not dial it.';
CREATE INDEX lead_ready ON lead_state (campaign_id, time_zone, priority DESC, next_attempt_at)
WHERE status = 'ready';
CREATE INDEX lead_scheduled ON lead_state (next_attempt_at) WHERE status = 'scheduled';
CREATE INDEX lead_leased ON lead_state (leased_until) WHERE status = 'leased';

CREATE TABLE do_not_call (
    phone text PRIMARY KEY CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
    reason text NOT NULL,
    added_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz
);

CREATE TABLE attempt (
    attempt_id uuid PRIMARY KEY,
    lead_id bigint NOT NULL REFERENCES lead,
    campaign_id integer NOT NULL REFERENCES campaign,
    number text NOT NULL,
    trunk text NOT NULL,
    caller_id text NOT NULL,
    ring_seconds integer NOT NULL,
    planned_at timestamptz NOT NULL,
    settled_at timestamptz,
    settled_by text CHECK (settled_by IN ('floor', 'records', 'never_sent')),
    network_result text,
    hangup_cause integer,
    agent_disposition text,
    cancelled_at timestamptz,
    -- what the live floor saw; reconcile compares it with the records
    ringing_at timestamptz,
    answered_at timestamptz,
    connected_at timestamptz,
    ended_at timestamptz,
    talk_seconds numeric(12, 6),
    agent text,
    CHECK ((settled_at IS NULL) = (settled_by IS NULL))
);
CREATE INDEX attempt_open ON attempt (planned_at) WHERE settled_at IS NULL;
CREATE INDEX attempt_lead ON attempt (lead_id, planned_at DESC);
CREATE INDEX attempt_number ON attempt (number, planned_at DESC);

-- Filled by Asterisk's cel_pgsql (columns by name, usegmtime=yes), repaired from its CSV ledger.
CREATE TABLE cel (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    eventtype text,
    eventtime timestamp NOT NULL,
    userdeftype text,
    cid_name text,
    cid_num text,
    cid_ani text,
    cid_rdnis text,
    cid_dnid text,
    exten text,
    context text,
    channame text,
    appname text,
    appdata text,
    amaflags integer,
    accountcode text,
    peeraccount text,
    uniqueid text NOT NULL,
    linkedid text NOT NULL,
    userfield text,
    peer text,
    extra text,
    source text NOT NULL DEFAULT 'asterisk'
);
COMMENT ON COLUMN cel.eventtime IS 'UTC, microseconds.';
CREATE INDEX cel_linkedid ON cel (linkedid);
CREATE INDEX cel_uniqueid ON cel (uniqueid);
CREATE INDEX cel_eventtime ON cel USING brin (eventtime);

-- One row per call, replaced as a whole when its CEL rows are read again.
CREATE TABLE call (
    call_id text PRIMARY KEY,
    attempt_id uuid,
    linkedid text NOT NULL,
    campaign text,
    direction text NOT NULL CHECK (direction IN ('outbound', 'inbound', 'internal')),
    number text NOT NULL,
    agent text,
    network_result text NOT NULL,
    amd_result text,
    dialled_at timestamptz NOT NULL,
    answered_at timestamptz,
    connected_at timestamptz,
    ended_at timestamptz NOT NULL,
    wait_seconds numeric(12, 6),
    talk_seconds numeric(12, 6) NOT NULL CHECK (talk_seconds >= 0),
    answered boolean NOT NULL,
    abandoned boolean NOT NULL,
    valid boolean NOT NULL,
    effective boolean NOT NULL,
    rule_version text NOT NULL REFERENCES effective_call_rule,
    hangup_cause integer,
    hangup_by text,
    trunk text,
    caller_id text,
    recording text,
    cut_by_restart boolean NOT NULL DEFAULT false,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    CHECK (effective <= valid AND valid <= answered)
);
CREATE UNIQUE INDEX call_attempt ON call (attempt_id) WHERE attempt_id IS NOT NULL;
CREATE INDEX call_dialled_at ON call (dialled_at);
CREATE INDEX call_agent_dialled ON call (agent, dialled_at);

-- Each agent's part in a call.
CREATE TABLE call_agent (
    call_id text NOT NULL REFERENCES call ON DELETE CASCADE,
    agent text NOT NULL,
    connected_at timestamptz NOT NULL,
    talk_seconds numeric(12, 6) NOT NULL,
    PRIMARY KEY (call_id, agent)
);

CREATE TABLE ingest_position (
    source text PRIMARY KEY,
    position bigint NOT NULL,
    fingerprint text NOT NULL DEFAULT '',
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE agent (
    agent_id text PRIMARY KEY CHECK (agent_id ~ '^[a-z0-9][a-z0-9_-]{0,39}$'),
    name text NOT NULL CHECK (name !~ '[[:cntrl:]]'),
    created_at timestamptz NOT NULL DEFAULT now()
);

-- What each agent's seat should be; the dialer makes Asterisk agree.
CREATE TABLE seat (
    agent_id text PRIMARY KEY REFERENCES agent ON DELETE CASCADE,
    queue text NOT NULL CHECK (queue ~ '^[A-Za-z0-9_.-]{1,79}$'),
    pause_reason text CHECK (pause_reason !~ '[[:cntrl:]]'),
    changed_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE seat IS 'A row: signed in to that queue. pause_reason not null: paused.';

CREATE TABLE account (
    login text PRIMARY KEY CHECK (login ~ '^[a-z0-9][a-z0-9._-]{0,39}$'),
    password_hash text NOT NULL,
    role text NOT NULL CHECK (
        role IN ('agent', 'leader', 'supervisor', 'hr', 'operations', 'client', 'customer')
    ),
    agent_id text REFERENCES agent,
    locale text NOT NULL DEFAULT 'en' CHECK (locale IN ('en', 'zh')),
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE web_session (
    token_hash bytea PRIMARY KEY,
    login text NOT NULL REFERENCES account ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);

CREATE VIEW call_record AS
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
    c.linkedid
FROM call AS c
LEFT JOIN attempt AS a ON a.attempt_id = c.attempt_id;
COMMENT ON VIEW call_record IS 'Public and stable: one row per call.';
