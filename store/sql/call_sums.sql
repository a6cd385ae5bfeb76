-- name: add_to_sums
-- Add what these calls count for to the sums, or take it off; of closed days into adjustments.
-- Rows are touched in the order of their key, so that writers never deadlock.
-- $1 call ids, $2 and $3 dialled between, $4 1 or -1
WITH part AS MATERIALIZED (
    SELECT p.*, closed.day IS NOT NULL AS is_closed
    FROM call_contribution AS p
    LEFT JOIN closed_day AS closed ON closed.day = p.day
    WHERE p.call_id = ANY($1::text[]) AND p.dialled_at BETWEEN $2 AND $3
),
late AS (
    INSERT INTO call_adjustment (
        call_id, dimension, day, key, campaign, rule_version, attempts, answered, human, connected,
        valid, effective, abandoned, talk_microseconds, effective_talk_microseconds, wait_microseconds
    )
    SELECT
        call_id, dimension, day, key, campaign, rule_version, $4::integer * attempts,
        $4 * answered, $4 * human, $4 * connected, $4 * valid, $4 * effective, $4 * abandoned,
        $4 * talk_microseconds, $4 * effective_talk_microseconds, $4 * wait_microseconds
    FROM part
    WHERE is_closed
)
INSERT INTO call_sum AS s (
    dimension, day, key, campaign, rule_version, attempts, answered, human, connected, valid,
    effective, abandoned, talk_microseconds, effective_talk_microseconds, wait_microseconds
)
SELECT
    dimension, day, key, campaign, rule_version, $4 * sum(attempts), $4 * sum(answered),
    $4 * sum(human), $4 * sum(connected), $4 * sum(valid), $4 * sum(effective),
    $4 * sum(abandoned), $4 * sum(talk_microseconds), $4 * sum(effective_talk_microseconds),
    $4 * sum(wait_microseconds)
FROM part
WHERE NOT is_closed
GROUP BY dimension, day, key, campaign, rule_version
ORDER BY dimension, day, key, campaign, rule_version
ON CONFLICT (dimension, day, key, campaign, rule_version) DO UPDATE
SET
    attempts = s.attempts + excluded.attempts,
    answered = s.answered + excluded.answered,
    human = s.human + excluded.human,
    connected = s.connected + excluded.connected,
    valid = s.valid + excluded.valid,
    effective = s.effective + excluded.effective,
    abandoned = s.abandoned + excluded.abandoned,
    talk_microseconds = s.talk_microseconds + excluded.talk_microseconds,
    effective_talk_microseconds = s.effective_talk_microseconds + excluded.effective_talk_microseconds,
    wait_microseconds = s.wait_microseconds + excluded.wait_microseconds;

-- name: add_month
-- Give a table its partition of a month. $1 call or cel, $2 a day of the month
SELECT add_month($1, $2);

-- name: know_months
-- ANALYZE each month of more than a megabyte that never was; no other, which would take its time.
DO $$
DECLARE
    month regclass;
BEGIN
    FOR month IN
        SELECT i.inhrelid::regclass
        FROM pg_inherits AS i
        INNER JOIN pg_class AS c ON c.oid = i.inhrelid
        WHERE
            i.inhparent IN ('cel'::regclass, 'call'::regclass) AND c.reltuples < 0
            AND pg_relation_size(c.oid) > 1048576
    LOOP
        EXECUTE format('ANALYZE %s', month);
    END LOOP;
END
$$;

-- name: sum_zone
-- The zone in which the days of the sums begin.
SELECT time_zone FROM sum_zone;

-- name: set_sum_zone
-- Change it; the sums must be made anew in the same transaction. $1 IANA name
UPDATE sum_zone SET time_zone = $1;

-- name: clear_open_sums
-- Take out the sums of all days that are not closed.
DELETE FROM call_sum AS s WHERE NOT EXISTS (SELECT FROM closed_day AS c WHERE c.day = s.day);

-- name: rebuild_open_sums
-- Make the sums of all days that are not closed from the records.
INSERT INTO call_sum
SELECT
    p.dimension, p.day, p.key, p.campaign, p.rule_version, sum(p.attempts), sum(p.answered),
    sum(p.human), sum(p.connected), sum(p.valid), sum(p.effective), sum(p.abandoned),
    sum(p.talk_microseconds), sum(p.effective_talk_microseconds), sum(p.wait_microseconds)
FROM call_contribution AS p
WHERE NOT EXISTS (SELECT FROM closed_day AS c WHERE c.day = p.day)
GROUP BY p.dimension, p.day, p.key, p.campaign, p.rule_version;

-- name: close_days
-- Close every day that has sums and ended before; return the new ones. $1 the first day left open
INSERT INTO closed_day (day)
SELECT DISTINCT s.day FROM call_sum AS s WHERE s.day < $1
ON CONFLICT (day) DO NOTHING
RETURNING day;

-- name: differing_sums
-- Days and dimensions whose sums and adjustments do not add up to the records. $1 from, $2 to
WITH told AS (
    SELECT dimension, day, sum(attempts) AS attempts, sum(effective) AS effective,
        sum(talk_microseconds) AS talk_microseconds
    FROM (
        SELECT dimension, day, attempts, effective, talk_microseconds FROM call_sum
        WHERE day BETWEEN $1 AND $2
        UNION ALL
        SELECT dimension, day, attempts, effective, talk_microseconds FROM call_adjustment
        WHERE day BETWEEN $1 AND $2
    ) AS both_kinds
    GROUP BY dimension, day
),
counted AS (
    SELECT dimension, day, sum(attempts) AS attempts, sum(effective) AS effective,
        sum(talk_microseconds) AS talk_microseconds
    FROM call_contribution
    WHERE day BETWEEN $1 AND $2 AND dialled_at BETWEEN $3 AND $4
    GROUP BY dimension, day
)
SELECT
    coalesce(t.dimension, c.dimension) AS dimension, coalesce(t.day, c.day) AS day,
    coalesce(t.attempts, 0) AS sum_attempts, coalesce(c.attempts, 0) AS attempts,
    coalesce(t.talk_microseconds, 0) AS sum_talk_microseconds, coalesce(c.talk_microseconds, 0) AS talk_microseconds
FROM told AS t
FULL JOIN counted AS c ON c.dimension = t.dimension AND c.day = t.day
WHERE
    (coalesce(t.attempts, 0), coalesce(t.effective, 0), coalesce(t.talk_microseconds, 0))
    <> (coalesce(c.attempts, 0), coalesce(c.effective, 0), coalesce(c.talk_microseconds, 0))
ORDER BY day, dimension;

-- name: cel_kept_from
-- Before this moment raw events were dropped; null if none ever were.
SELECT nullif(kept_from, '-infinity') FROM cel_kept;

-- name: set_cel_kept_from
-- Remember up to when raw events were dropped. $1 moment
UPDATE cel_kept SET kept_from = greatest(kept_from, $1);

-- name: cel_months
-- The months of raw events, oldest first.
SELECT c.relname AS name
FROM pg_inherits AS i
INNER JOIN pg_class AS c ON c.oid = i.inhrelid
WHERE i.inhparent = 'cel'::regclass AND c.relname <> 'cel_default'
ORDER BY c.relname;

-- name: unrecorded_cel_before
-- Whether a raw event before a moment has not been taken into a record yet. $1 moment
SELECT EXISTS (
    SELECT FROM cel
    WHERE
        eventtime < $1::timestamptz AT TIME ZONE 'UTC'
        AND id > coalesce(
            (SELECT position FROM ingest_position WHERE source = 'cel-recorded'), 0
        )
);

-- name: drop_cel_month
-- Drop one month of raw events. $1 its first day
SELECT drop_cel_month($1);
