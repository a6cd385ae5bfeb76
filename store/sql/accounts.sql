-- Accounts and web sessions. Passwords are argon2 hashes, session tokens sha256 hashes.

-- name: add_account
-- Add an account. $1 login, $2 password_hash, $3 role, $4 agent_id or null, $5 organisation;
-- returns nothing where there is no such organisation.
INSERT INTO account (login, password_hash, role, agent_id, organisation)
SELECT $1, $2, $3, $4, o.organisation_id FROM organisation AS o WHERE o.organisation_id = $5
RETURNING login;

-- name: list_accounts
-- Every account with its count of open sessions, by login.
SELECT
    a.login,
    a.role,
    a.agent_id,
    a.organisation,
    a.created_at,
    a.totp_secret IS NOT NULL AS has_second_factor,
    count(s.token_hash) AS sessions
FROM account AS a
LEFT JOIN web_session AS s ON s.login = a.login AND s.expires_at > now()
GROUP BY a.login
ORDER BY a.login;

-- name: account_credentials
-- What a sign-in is checked against. $1 login
SELECT
    login,
    role,
    agent_id,
    organisation,
    password_hash,
    totp_secret
FROM account
WHERE login = $1;

-- name: set_account_password
-- Replace the password's hash. $1 login, $2 password_hash
UPDATE account SET password_hash = $2 WHERE login = $1;

-- name: open_web_session
-- Save a session. $1 token_hash, $2 login, $3 seconds until it expires, $4 address, $5 browser
INSERT INTO web_session (token_hash, login, expires_at, address, browser)
VALUES ($1, $2, now() + make_interval(secs => $3), $4, $5);

-- name: web_session_account
-- The account of a session that has not expired. $1 token_hash
SELECT
    a.login,
    a.role,
    a.agent_id,
    a.organisation
FROM web_session AS s
INNER JOIN account AS a ON a.login = s.login
WHERE s.token_hash = $1 AND s.expires_at > now();

-- name: close_web_session
-- Revoke one session. $1 token_hash
DELETE FROM web_session WHERE token_hash = $1;

-- name: close_web_sessions
-- Revoke every session of a login. $1 login
DELETE FROM web_session WHERE login = $1;

-- name: drop_expired_web_sessions
-- Forget sessions that nobody can use any more.
DELETE FROM web_session WHERE expires_at <= now();

-- name: list_web_sessions
-- The open sessions of a login, newest first; an id tells nothing of the token. $1 login
SELECT
    encode(substring(token_hash FROM 1 FOR 12), 'hex') AS session_id,
    created_at,
    expires_at,
    address,
    browser
FROM web_session
WHERE login = $1 AND expires_at > now()
ORDER BY created_at DESC;

-- name: close_web_session_by_id
-- Revoke one session of a login by its id. $1 login, $2 session_id
DELETE FROM web_session
WHERE login = $1 AND encode(substring(token_hash FROM 1 FOR 12), 'hex') = $2;

-- name: propose_second_factor
-- Keep a secret until its first code is shown; not where one is in use. $1 login, $2 secret
UPDATE account SET totp_pending = $2 WHERE login = $1 AND totp_secret IS NULL;

-- name: second_factor
-- The secret in use and the one that waits for its first code. $1 login
SELECT
    totp_secret,
    totp_pending
FROM account
WHERE login = $1;

-- name: use_second_factor_step
-- Note that a code of this time step was used; none older or the same may be again. $1 login, $2 step
UPDATE account SET totp_last_step = $2 WHERE login = $1 AND totp_last_step < $2;

-- name: adopt_second_factor
-- From now on the pending secret is asked for. $1 login, $2 secret
UPDATE account SET totp_secret = totp_pending, totp_pending = NULL
WHERE login = $1 AND totp_pending = $2;

-- name: drop_second_factor
-- Ask for the password alone again. $1 login
UPDATE account SET totp_secret = NULL, totp_pending = NULL WHERE login = $1;

-- name: add_organisation
-- Make a tenant known, or rename it. $1 organisation_id, $2 name, $3 masks_numbers
INSERT INTO organisation (organisation_id, name, masks_numbers) VALUES ($1, $2, $3)
ON CONFLICT (organisation_id) DO UPDATE SET
    name = excluded.name, masks_numbers = excluded.masks_numbers;

-- name: campaign_owners
-- Which organisation each campaign belongs to.
SELECT name, organisation FROM campaign;

-- name: agent_owners
-- Which organisation each agent belongs to.
SELECT agent_id, organisation FROM agent;

-- name: unmasking_organisations
-- Organisations whose agents see whole numbers.
SELECT organisation_id FROM organisation WHERE NOT masks_numbers;

-- name: client_campaigns
-- What each client of an outsourcer may see.
SELECT login, campaign FROM client_campaign;

-- name: grant_client_campaign
-- Let a client see a campaign. $1 login, $2 campaign
INSERT INTO client_campaign (login, campaign) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: assign_campaign
-- Give a campaign to an organisation. $1 campaign, $2 organisation
UPDATE campaign SET organisation = $2 WHERE name = $1;

-- name: assign_agent
-- Give an agent to an organisation. $1 agent_id, $2 organisation
UPDATE agent SET organisation = $2 WHERE agent_id = $1;

-- name: begin_audit
-- Write down that somebody wants to do something; returns the line's id.
-- $1 login, $2 role, $3 organisation, $4 address, $5 action, $6 subject
INSERT INTO audit_log (login, role, organisation, address, action, subject)
VALUES ($1, $2, $3, $4, $5, $6) RETURNING audit_id;

-- name: finish_audit
-- What came of it. $1 audit_id, $2 status
UPDATE audit_log SET status = $2 WHERE audit_id = $1;

-- name: list_audit
-- The newest lines of an organisation before an id. $1 organisation, $2 before audit_id, $3 limit
SELECT audit_id, at, login, role, address, action, subject, status
FROM audit_log
WHERE organisation = $1 AND audit_id < $2
ORDER BY audit_id DESC
LIMIT $3;
