-- name: save_reconciliation
-- What one comparison found. $1 at, $2 occasion, $3 calls, $4 unreconciled, $5 differing sums,
-- $6 repaired, $7 left over, $8 kinds, $9 calls of each kind
WITH saved AS (
    INSERT INTO reconciliation (
        made_at, occasion, calls, unreconciled, differing_sums, repaired, left_over
    )
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    RETURNING reconciliation_id
)
INSERT INTO reconciliation_kind (reconciliation_id, kind, calls)
SELECT saved.reconciliation_id, k.kind, k.calls
FROM saved
CROSS JOIN unnest($8::text[], $9::integer[]) AS k (kind, calls);

-- name: reconciliation_totals
-- All comparisons added up, and the latest.
SELECT
    count(*) FILTER (WHERE r.occasion = 'night') AS nights,
    count(*) FILTER (WHERE r.occasion = 'demand') AS demands,
    coalesce(sum(r.repaired), 0) AS repaired,
    max(r.made_at) AS last_at,
    (
        SELECT l.left_over FROM reconciliation AS l
        ORDER BY l.made_at DESC, l.reconciliation_id DESC LIMIT 1
    ) AS left_over,
    (SELECT count(*) FROM unread_row) AS unread_rows
FROM reconciliation AS r;

-- name: reconciliation_kinds
-- How many calls differed in each figure, over all comparisons.
SELECT kind, sum(calls) AS calls FROM reconciliation_kind GROUP BY kind ORDER BY kind;
