-- name: scripts
-- What agents of a campaign say, by language. $1 campaign
SELECT language, before_call, during_call, after_call, changed_at, changed_by
FROM call_script WHERE campaign = $1 ORDER BY language;

-- name: save_script
-- The script in one language; nothing is touched if there is no such campaign.
-- $1 campaign, $2 language, $3 before, $4 during, $5 after the call, $6 login
INSERT INTO call_script (campaign, language, before_call, during_call, after_call, changed_by)
SELECT c.name, $2, $3, $4, $5, $6 FROM campaign AS c WHERE c.name = $1
ON CONFLICT (campaign, language) DO UPDATE SET
    before_call = excluded.before_call, during_call = excluded.during_call,
    after_call = excluded.after_call, changed_by = excluded.changed_by, changed_at = now();
