-- The outbound list. Of both queries: $1 since (included), $2 before, $3 time zone, $4 campaigns that
-- may be seen, $5 whether calls without one may be, $6 one campaign or null, $7 one agent or null,
-- $8 weekday (1 = Monday) or null, $9 hour or null, $10 effective or null, $11 region or null,
-- $12 list or null, $13 network result or null, $14 the number's last digits or null.

-- name: call_list_page
-- The next calls, newest first; region and recording as they were recorded. A page begins after the
-- last call of the one before, so rows that come or go meanwhile neither repeat nor hide one.
-- $15 dialled at and $16 id of the call before the page, or null ($2 is then just after $15), $17 limit
SELECT
    c.call_id, c.dialled_at, c.campaign, nullif(c.call_list, '') AS list, c.agent, g.name AS agent_name, l.company, l.contact,
    c.number, nullif(c.region, '') AS province, c.direction, c.network_result, t.agent_disposition,
    coalesce(w.note, '') AS note,
    round(extract(EPOCH FROM coalesce(c.answered_at, c.ended_at) - t.ringing_at), 6) AS ring_seconds,
    c.talk_seconds, c.valid, c.effective, c.hangup_by, f.call_id IS NOT NULL AS recording,
    (
        SELECT count(*) FROM attempt AS u
        WHERE u.lead_id = t.lead_id AND u.planned_at <= t.planned_at
            AND u.settled_by IS DISTINCT FROM 'never_sent'
    ) AS tries
FROM call AS c
LEFT JOIN attempt AS t ON t.attempt_id = c.attempt_id
LEFT JOIN lead AS l ON l.lead_id = coalesce(t.lead_id, c.lead_id)
LEFT JOIN agent AS g ON g.agent_id = c.agent
LEFT JOIN call_wrap_up AS w ON w.call_id = c.call_id
LEFT JOIN recording AS f ON f.call_id = c.call_id AND f.purged_at IS NULL
WHERE c.direction = 'outbound' AND c.dialled_at >= $1 AND c.dialled_at < $2
    AND (c.campaign = any($4::text[]) OR ($5 AND c.campaign IS NULL))
    AND ($6::text IS NULL OR c.campaign = $6) AND ($7::text IS NULL OR c.agent = $7)
    AND ($8::integer IS NULL OR extract(ISODOW FROM c.dialled_at AT TIME ZONE $3) = $8)
    AND ($9::integer IS NULL OR extract(HOUR FROM c.dialled_at AT TIME ZONE $3) = $9)
    AND ($10::boolean IS NULL OR c.effective = $10) AND ($11::text IS NULL OR c.region = $11)
    AND ($12::text IS NULL OR c.call_list = $12) AND ($13::text IS NULL OR c.network_result = $13)
    AND ($14::text IS NULL OR right(c.number, length($14)) = $14)
    AND (
        $15::timestamptz IS NULL OR (c.dialled_at, c.call_id) < ($15, $16::text)
    )
ORDER BY c.dialled_at DESC, c.call_id DESC
LIMIT $17;

-- name: call_list_count
-- How many calls there are in the list.
SELECT count(*)
FROM call AS c
WHERE c.direction = 'outbound' AND c.dialled_at >= $1 AND c.dialled_at < $2
    AND (c.campaign = any($4::text[]) OR ($5 AND c.campaign IS NULL))
    AND ($6::text IS NULL OR c.campaign = $6) AND ($7::text IS NULL OR c.agent = $7)
    AND ($8::integer IS NULL OR extract(ISODOW FROM c.dialled_at AT TIME ZONE $3) = $8)
    AND ($9::integer IS NULL OR extract(HOUR FROM c.dialled_at AT TIME ZONE $3) = $9)
    AND ($10::boolean IS NULL OR c.effective = $10) AND ($11::text IS NULL OR c.region = $11)
    AND ($12::text IS NULL OR c.call_list = $12) AND ($13::text IS NULL OR c.network_result = $13)
    AND ($14::text IS NULL OR right(c.number, length($14)) = $14);
