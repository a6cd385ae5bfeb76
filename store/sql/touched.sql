-- name: touched_attempts
-- Which of these attempts Asterisk recorded anything of. $1 attempt ids as text
SELECT DISTINCT linkedid FROM cel WHERE linkedid = ANY($1::text[])
UNION
SELECT DISTINCT uniqueid FROM cel WHERE uniqueid = ANY($1::text[]);
