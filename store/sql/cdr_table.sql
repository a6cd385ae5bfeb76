-- name: count_cdr_rows
-- Rows of another installation's table.
SELECT count(*) FROM cdr;

-- name: open_cdr_cursor
-- Read the table to its end without holding it in memory.
DECLARE cdr_rows NO SCROLL CURSOR FOR SELECT * FROM cdr;

-- name: next_cdr_rows
-- The next of them.
FETCH 2000 FROM cdr_rows;

-- name: tables_of_history
-- Which of the two tables another installation's database has.
SELECT to_regclass('cel') IS NOT NULL AS has_cel, to_regclass('cdr') IS NOT NULL AS has_cdr;

-- name: count_cel_rows
-- Rows of another installation's events.
SELECT count(*) FROM cel;

-- name: open_cel_cursor
-- The same of its events. The moment as text: a double would lose its microseconds.
DECLARE cel_rows NO SCROLL CURSOR FOR
SELECT c.*, extract(EPOCH FROM c.eventtime)::numeric(20, 6)::text AS epoch FROM cel AS c ORDER BY c.id;

-- name: next_cel_rows
-- The next of them.
FETCH 2000 FROM cel_rows;
