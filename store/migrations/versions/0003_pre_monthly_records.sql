-- squawk-ignore-file ban-alter-identity, ban-drop-view, renaming-table, renaming-object, require-concurrent-index-deletion, ban-drop-constraint, ban-drop-table, require-concurrent-index-creation, constraint-missing-not-valid, adding-foreign-key-constraint, disallowed-unique-constraint, ban-drop-column, changing-column-type
-- Months as partitions, sums beside the records, closed days, recordings (docs/records.md, ADR 15).
-- Stop the service while it runs: only one may run on a database anyway (ADR 9).

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '1h';

DROP VIEW call_record;
ALTER TABLE call RENAME TO call_before;
ALTER TABLE call_before RENAME CONSTRAINT call_pkey TO call_before_pkey;
DROP INDEX call_attempt;
DROP INDEX call_dialled_at;
DROP INDEX call_agent_dialled;
DROP INDEX call_answered;
DROP INDEX call_abandoned_number;
ALTER TABLE call_agent DROP CONSTRAINT call_agent_call_id_fkey;
ALTER TABLE agent ADD COLUMN IF NOT EXISTS team text NOT NULL DEFAULT '';

-- One row per call, replaced as a whole when its CEL rows are read again. That call_id is there
-- once over all months is kept by the one writer (the ingest lock): a unique index must contain
-- the column that partitions.
CREATE TABLE call (
    call_id text NOT NULL,
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
    lead_id bigint,
    region text NOT NULL DEFAULT '',
    industry text NOT NULL DEFAULT '',
    source text NOT NULL DEFAULT 'cel' CHECK (source IN ('cel', 'cdr')),
    PRIMARY KEY (call_id, dialled_at),
    CHECK (effective <= valid AND valid <= answered)
) PARTITION BY RANGE (dialled_at);
COMMENT ON COLUMN call.region IS 'Of the lead when the call was first recorded; so is industry.';
COMMENT ON COLUMN call.source IS 'cdr: imported from another installation''s CDR; cel: from events.';
CREATE INDEX call_attempt ON call (attempt_id) WHERE attempt_id IS NOT NULL;
CREATE INDEX call_dialled_at ON call (dialled_at);
CREATE INDEX call_agent_dialled ON call (agent, dialled_at);
CREATE INDEX call_answered ON call (campaign, answered_at)
INCLUDE (connected_at, abandoned, amd_result, network_result, call_id)
WHERE answered AND direction = 'outbound';
CREATE INDEX call_abandoned_number ON call (number, ended_at) WHERE abandoned;
CREATE TABLE call_default PARTITION OF call DEFAULT;
COMMENT ON TABLE call_default IS 'Rows whose month has no partition yet; add_month moves them.';

ALTER TABLE cel RENAME TO cel_before;
ALTER TABLE cel_before ALTER COLUMN id DROP IDENTITY;
ALTER TABLE cel_before RENAME CONSTRAINT cel_pkey TO cel_before_pkey;
DROP INDEX cel_linkedid;
DROP INDEX cel_uniqueid;
DROP INDEX cel_eventtime;
CREATE SEQUENCE cel_id_seq AS bigint;
-- Filled by Asterisk's cel_pgsql (columns by name, usegmtime=yes), repaired from its CSV ledger.
CREATE TABLE cel (
    id bigint NOT NULL DEFAULT nextval('cel_id_seq'),
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
    source text NOT NULL DEFAULT 'asterisk',
    PRIMARY KEY (id, eventtime)
) PARTITION BY RANGE (eventtime);
ALTER SEQUENCE cel_id_seq OWNED BY cel.id;
COMMENT ON COLUMN cel.eventtime IS 'UTC, microseconds.';
CREATE INDEX cel_linkedid ON cel (linkedid);
CREATE INDEX cel_uniqueid ON cel (uniqueid);
CREATE TABLE cel_default PARTITION OF cel DEFAULT;
COMMENT ON TABLE cel_default IS 'So that Asterisk never meets a month without a partition.';

CREATE FUNCTION add_month(parent text, month date) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    name text := parent || '_' || to_char(month, 'YYYY_MM');
    first text := to_char(month, 'YYYY-MM-01');
    after text := to_char(month + interval '1 month', 'YYYY-MM-01');
    field text := CASE parent WHEN 'cel' THEN 'eventtime' ELSE 'dialled_at' END;
    zone text := CASE parent WHEN 'cel' THEN '' ELSE '+00' END;
BEGIN
    IF to_regclass(name) IS NOT NULL THEN
        RETURN false;
    END IF;
    -- Made aside and attached: that locks nobody out who reads or writes other months.
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', name, parent);
    EXECUTE format(
        'WITH moved AS (DELETE FROM %I WHERE %I >= %L AND %I < %L RETURNING *)'
        ' INSERT INTO %I SELECT * FROM moved',
        parent || '_default', field, first || zone, field, after || zone, name
    );
    EXECUTE format(
        'ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
        parent, name, first || zone, after || zone
    );
    RETURN true;
END
$$;
COMMENT ON FUNCTION add_month IS 'Give call or cel a partition for the month (UTC) of that day.';

CREATE FUNCTION drop_cel_month(month date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DROP TABLE %I', 'cel_' || to_char(month, 'YYYY_MM'));
END
$$;

INSERT INTO cel OVERRIDING SYSTEM VALUE SELECT * FROM cel_before;
SELECT setval('cel_id_seq', coalesce((SELECT max(id) FROM cel), 1), EXISTS (SELECT FROM cel));
INSERT INTO call
SELECT
    b.*, a.lead_id, coalesce(l.province, '') AS region, coalesce(l.industry, '') AS industry,
    'cel' AS source
FROM call_before AS b
LEFT JOIN attempt AS a ON a.attempt_id = b.attempt_id
LEFT JOIN lead AS l ON l.lead_id = a.lead_id;
-- Asterisk may write with a login of its own: what it was granted, it keeps.
DO $$
DECLARE
    given record;
BEGIN
    FOR given IN
        SELECT acl.privilege_type, acl.grantee::regrole AS login
        FROM pg_class AS c
        CROSS JOIN LATERAL aclexplode(c.relacl) AS acl
        WHERE c.oid = 'cel_before'::regclass AND acl.grantee NOT IN (0, c.relowner)
    LOOP
        EXECUTE format('GRANT %s ON cel TO %s', given.privilege_type, given.login);
        EXECUTE format('GRANT USAGE ON SEQUENCE cel_id_seq TO %s', given.login);
    END LOOP;
END
$$;
-- squawk-ignore ban-drop-table
DROP TABLE cel_before;
-- squawk-ignore ban-drop-table
DROP TABLE call_before;
SELECT add_month('cel', month::date)
FROM generate_series(
    date_trunc('month', coalesce((SELECT min(eventtime) FROM cel), now())),
    now() + interval '2 months', interval '1 month'
) AS month;
SELECT add_month('call', month::date)
FROM (
    SELECT DISTINCT date_trunc('month', dialled_at AT TIME ZONE 'UTC') AS month FROM call
) AS months;

-- Earlier raw rows are gone: what comes late of that time is named, and changes no record.
CREATE TABLE cel_kept (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    kept_from timestamptz NOT NULL DEFAULT '-infinity'
);
INSERT INTO cel_kept DEFAULT VALUES;

-- The zone in which days and hours of the sums begin; they are made anew when it changes.
CREATE TABLE sum_zone (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    time_zone text NOT NULL
);
INSERT INTO sum_zone (time_zone) VALUES ('UTC');

CREATE TABLE not_counted (
    network_result text PRIMARY KEY
);
COMMENT ON TABLE not_counted IS 'Results that are no attempt: our own failures (calls.outcomes).';
INSERT INTO not_counted VALUES ('system_error');

-- What one call adds to each sum. The one place where measures are counted.
CREATE VIEW call_contribution AS
SELECT
    c.call_id,
    c.dialled_at,
    d.dimension,
    d.key,
    coalesce(c.campaign, '') AS campaign,
    c.rule_version,
    date(local.at) AS day,
    1 AS attempts,
    c.answered::integer AS answered,
    (c.network_result = 'answered' AND c.amd_result IS DISTINCT FROM 'machine')::integer AS human,
    (c.connected_at IS NOT NULL)::integer AS connected,
    c.valid::integer AS valid,
    c.effective::integer AS effective,
    c.abandoned::integer AS abandoned,
    CASE WHEN c.answered AND d.dimension <> 'agent' THEN spans.talk ELSE 0 END AS talk_microseconds,
    CASE WHEN c.effective THEN spans.talk ELSE 0 END AS effective_talk_microseconds,
    coalesce(spans.wait, 0) AS wait_microseconds
FROM call AS c
CROSS JOIN sum_zone AS z
CROSS JOIN LATERAL (SELECT c.dialled_at AT TIME ZONE z.time_zone AS at) AS local
CROSS JOIN LATERAL (
    SELECT
        (c.talk_seconds * 1000000)::bigint AS talk, (c.wait_seconds * 1000000)::bigint AS wait
) AS spans
CROSS JOIN LATERAL (
    VALUES
    ('agent', coalesce(c.agent, '')), ('caller_id', coalesce(c.caller_id, '')),
    ('hour', to_char(local.at, 'HH24')), ('industry', c.industry), ('region', c.region)
) AS d (dimension, key)
WHERE
    c.direction = 'outbound'
    AND c.network_result NOT IN (SELECT n.network_result FROM not_counted AS n)
UNION ALL
-- An agent's talk is that agent's own part in the call, whoever the call is credited to.
SELECT
    c.call_id, c.dialled_at, 'agent', part.agent, coalesce(c.campaign, ''), c.rule_version,
    date(c.dialled_at AT TIME ZONE z.time_zone), 0, 0, 0, 0, 0, 0, 0,
    (part.talk_seconds * 1000000)::bigint, 0, 0
FROM call AS c
CROSS JOIN sum_zone AS z
INNER JOIN call_agent AS part ON part.call_id = c.call_id
WHERE
    c.direction = 'outbound' AND c.answered
    AND c.network_result NOT IN (SELECT n.network_result FROM not_counted AS n);

CREATE TABLE call_sum (
    dimension text NOT NULL,
    day date NOT NULL,
    key text NOT NULL,
    campaign text NOT NULL,
    rule_version text NOT NULL,
    attempts integer NOT NULL,
    answered integer NOT NULL,
    human integer NOT NULL,
    connected integer NOT NULL,
    valid integer NOT NULL,
    effective integer NOT NULL,
    abandoned integer NOT NULL,
    talk_microseconds bigint NOT NULL,
    effective_talk_microseconds bigint NOT NULL,
    wait_microseconds bigint NOT NULL,
    PRIMARY KEY (dimension, day, key, campaign, rule_version)
) WITH (fillfactor = 60);
COMMENT ON COLUMN call_sum.talk_microseconds IS 'Whole numbers: they add up three times as fast.';
COMMENT ON TABLE call_sum IS 'Kept in the transaction that writes the records; a closed day stays.';

CREATE TABLE closed_day (
    day date PRIMARY KEY,
    closed_at timestamptz NOT NULL DEFAULT now()
);

-- What came after a day was closed: the day's sums stay, the difference stands here.
CREATE TABLE call_adjustment (
    adjustment_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    made_at timestamptz NOT NULL DEFAULT now(),
    call_id text NOT NULL,
    LIKE call_sum
);
CREATE INDEX call_adjustment_day ON call_adjustment (dimension, day);

CREATE TABLE recording (
    call_id text PRIMARY KEY,
    path text NOT NULL UNIQUE,
    bytes bigint NOT NULL CHECK (bytes >= 0),
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    seconds numeric(12, 6),
    recorded_at timestamptz NOT NULL,
    linked_at timestamptz NOT NULL DEFAULT now(),
    purged_at timestamptz
);
COMMENT ON COLUMN recording.recorded_at IS 'When its call was dialled: retention counts from it.';
CREATE INDEX recording_kept ON recording (recorded_at) WHERE purged_at IS NULL;

CREATE TABLE recording_access (
    access_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    call_id text NOT NULL,
    login text NOT NULL,
    what text NOT NULL CHECK (what IN ('play', 'download', 'purge', 'refused'))
);

INSERT INTO call_sum
SELECT
    dimension, day, key, campaign, rule_version, sum(attempts), sum(answered), sum(human),
    sum(connected), sum(valid), sum(effective), sum(abandoned), sum(talk_microseconds),
    sum(effective_talk_microseconds), sum(wait_microseconds)
FROM call_contribution
GROUP BY dimension, day, key, campaign, rule_version;

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
