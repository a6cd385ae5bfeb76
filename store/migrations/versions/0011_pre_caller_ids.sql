-- Pools of caller IDs: the numbers that a campaign shows, each with its health.
-- "pre": old code runs on it; it shows the campaign's one caller_id.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '600s';

CREATE TABLE caller_id_pool (
    campaign_id integer PRIMARY KEY REFERENCES campaign ON DELETE CASCADE,
    rule text NOT NULL DEFAULT 'even' CHECK (rule IN ('even', 'local')),
    max_calls_per_hour integer NOT NULL DEFAULT 60 CHECK (max_calls_per_hour BETWEEN 1 AND 100000),
    max_short_share double precision NOT NULL DEFAULT 0.5 CHECK (max_short_share BETWEEN 0 AND 1),
    rest_seconds integer NOT NULL DEFAULT 86400 CHECK (rest_seconds BETWEEN 60 AND 86400)
);
COMMENT ON COLUMN caller_id_pool.max_short_share IS
'Share of answered calls that end within seconds; a number above it rests for rest_seconds.';

CREATE TABLE caller_id (
    campaign_id integer NOT NULL REFERENCES caller_id_pool ON DELETE CASCADE,
    number text NOT NULL CHECK (number ~ '^[+]?[0-9]{2,20}$'),
    proof text NOT NULL CHECK (proof <> '' AND proof !~ '[[:cntrl:]]'),
    added_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (campaign_id, number)
);
COMMENT ON COLUMN caller_id.proof IS 'Why the number is ours to show: the contract or order it came with.';

-- A number's figures of the last day, read every few seconds. Nothing is dialled while a migration
-- runs, so writers of `attempt` can wait for it.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX attempt_caller_id ON attempt (caller_id, planned_at) WHERE caller_id <> '';
