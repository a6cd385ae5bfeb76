-- name: add_do_not_call_campaign
-- Add a number to one campaign's list, or change why and until when.
-- $1 campaign_id, $2 phone, $3 reason, $4 expires_at
INSERT INTO do_not_call_campaign (campaign_id, phone, reason, expires_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (campaign_id, phone) DO UPDATE SET
    reason = excluded.reason, expires_at = excluded.expires_at;

-- name: close_lead_of_campaign
-- The waiting lead of a number in one campaign is over. $1 campaign_id, $2 phone
UPDATE lead_state AS s SET status = 'done', done_reason = 'do_not_call'
WHERE s.campaign_id = $1 AND s.status IN ('ready', 'scheduled')
    AND s.lead_id IN (
        SELECT l.lead_id FROM lead AS l WHERE l.campaign_id = $1 AND l.phone = $2
        UNION
        SELECT p.lead_id FROM lead_phone AS p WHERE p.phone = $2
    );

-- name: remove_do_not_call_campaign
-- Take a number off one campaign's list. $1 campaign_id, $2 phone
DELETE FROM do_not_call_campaign WHERE campaign_id = $1 AND phone = $2;

-- name: create_do_not_call_staging
-- Where one imported file waits; gone with the transaction.
CREATE TEMPORARY TABLE do_not_call_staging (phone text PRIMARY KEY) ON COMMIT DROP;

-- name: date_do_not_call_list
-- A list from outside is as old as now. $1 name, $2 imported_at
INSERT INTO do_not_call_list (name, imported_at) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET imported_at = excluded.imported_at;

-- name: drop_from_do_not_call_list
-- Numbers that the new file lacks are off the list. $1 name
DELETE FROM do_not_call_imported AS i
WHERE i.list = $1
    AND NOT EXISTS (SELECT FROM do_not_call_staging AS s WHERE s.phone = i.phone);

-- name: add_to_do_not_call_list
-- Numbers of the file are on the list. $1 name, $2 expires_at
INSERT INTO do_not_call_imported (phone, list, expires_at)
SELECT s.phone, $1, $2 FROM do_not_call_staging AS s
ON CONFLICT (phone, list) DO UPDATE SET expires_at = excluded.expires_at;

-- name: list_do_not_call_lists
-- The imported lists with their size.
SELECT l.name, l.imported_at, count(i.phone) AS numbers
FROM do_not_call_list AS l
LEFT JOIN do_not_call_imported AS i ON i.list = l.name
GROUP BY l.name
ORDER BY l.name;
