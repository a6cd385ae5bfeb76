-- Accounts and web sessions. Passwords are argon2 hashes, session tokens sha256 hashes.

-- name: add_account
-- Add an account. $1 login, $2 password_hash, $3 role, $4 agent_id or null
INSERT INTO account (login, password_hash, role, agent_id) VALUES ($1, $2, $3, $4);

-- name: list_accounts
-- Every account with its count of open sessions, by login.
SELECT
    a.login,
    a.role,
    a.agent_id,
    a.created_at,
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
    password_hash
FROM account
WHERE login = $1;

-- name: set_account_password
-- Replace the password's hash. $1 login, $2 password_hash
UPDATE account SET password_hash = $2 WHERE login = $1;

-- name: open_web_session
-- Save a session. $1 token_hash, $2 login, $3 seconds until it expires
INSERT INTO web_session (token_hash, login, expires_at)
VALUES ($1, $2, now() + make_interval(secs => $3));

-- name: web_session_account
-- The account of a session that has not expired. $1 token_hash
SELECT
    a.login,
    a.role,
    a.agent_id
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
