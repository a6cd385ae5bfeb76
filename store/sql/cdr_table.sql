-- name: count_cdr_rows
-- Rows of another installation's table.
SELECT count(*) FROM cdr;

-- name: open_cdr_cursor
-- Read the table to its end without holding it in memory.
DECLARE cdr_rows NO SCROLL CURSOR FOR SELECT * FROM cdr;

-- name: next_cdr_rows
-- The next of them.
FETCH 2000 FROM cdr_rows;
