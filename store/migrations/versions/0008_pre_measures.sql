-- Sums by list, what could not be read, comparisons kept, silence of recordings
-- (docs/records.md, ADR 24).
-- "pre": old code runs on it; every new column has a default.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '1h';

ALTER TABLE lead ADD COLUMN call_list text NOT NULL DEFAULT '';
COMMENT ON COLUMN lead.call_list IS 'The list that brought the lead first: its file, or the name given to it.';
ALTER TABLE call ADD COLUMN call_list text NOT NULL DEFAULT '';
COMMENT ON COLUMN call.call_list IS 'Of the lead when the call was first recorded, as region and industry are.';

-- What one call adds to each sum. The one place where measures are counted.
CREATE OR REPLACE VIEW call_contribution AS
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
    ('hour', to_char(local.at, 'HH24')), ('industry', c.industry), ('list', c.call_list),
    ('region', c.region)
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

-- Each call of before has one list, the empty one, as it has one region: so the sums are theirs.
-- A closed day gets figures by list; the figures that it had stay.
INSERT INTO call_sum
SELECT
    'list', day, '', campaign, rule_version, sum(attempts), sum(answered), sum(human),
    sum(connected), sum(valid), sum(effective), sum(abandoned), sum(talk_microseconds),
    sum(effective_talk_microseconds), sum(wait_microseconds)
FROM call_sum
WHERE dimension = 'region'
GROUP BY day, campaign, rule_version;
INSERT INTO call_adjustment (
    made_at, call_id, dimension, day, key, campaign, rule_version, attempts, answered, human,
    connected, valid, effective, abandoned, talk_microseconds, effective_talk_microseconds,
    wait_microseconds
)
SELECT
    made_at, call_id, 'list', day, '', campaign, rule_version, attempts, answered, human,
    connected, valid, effective, abandoned, talk_microseconds, effective_talk_microseconds,
    wait_microseconds
FROM call_adjustment
WHERE dimension = 'region';

-- What could not be read, by where it stands and which field: kept until somebody has looked.
CREATE TABLE unread_row (
    source text NOT NULL,
    place text NOT NULL,
    field text NOT NULL,
    reason text NOT NULL,
    first_seen_at timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (source, place, field)
);

-- What each comparison of floor, records, sums and ledger found.
CREATE TABLE reconciliation (
    reconciliation_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    made_at timestamptz NOT NULL,
    occasion text NOT NULL CHECK (occasion IN ('night', 'demand')),
    calls integer NOT NULL,
    unreconciled integer NOT NULL,
    differing_sums integer NOT NULL,
    repaired integer NOT NULL,
    left_over integer NOT NULL
);
CREATE TABLE reconciliation_kind (
    reconciliation_id bigint NOT NULL REFERENCES reconciliation ON DELETE CASCADE,
    kind text NOT NULL,
    calls integer NOT NULL CHECK (calls > 0),
    PRIMARY KEY (reconciliation_id, kind)
);
COMMENT ON TABLE reconciliation_kind IS 'How many calls differed in this figure, before the repair.';

-- When agents were paused, as the live floor saw it.
CREATE TABLE agent_pause (
    agent_id text NOT NULL,
    began_at timestamptz NOT NULL,
    ended_at timestamptz,
    reason text NOT NULL DEFAULT '',
    PRIMARY KEY (agent_id, began_at),
    CHECK (ended_at >= began_at)
);
COMMENT ON COLUMN agent_pause.ended_at IS 'Null: it lasts, or its end was not seen.';
CREATE INDEX agent_pause_began ON agent_pause (began_at);

ALTER TABLE recording ADD COLUMN silent_seconds numeric(12, 6);
ALTER TABLE recording ADD COLUMN longest_silence_seconds numeric(12, 6);
COMMENT ON COLUMN recording.longest_silence_seconds IS 'Without a word of either side; null: not known of this format.';
