-- What the pages need: tenants, sessions that can be listed, the second factor, the audit log,
-- agents' phones, and what agents wrote of their calls.
-- "pre": old code runs on it; every new column has a default.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE organisation (
    organisation_id text PRIMARY KEY CHECK (organisation_id ~ '^[a-z0-9][a-z0-9_-]{0,39}$'),
    name text NOT NULL CHECK (name !~ '[[:cntrl:]]'),
    masks_numbers boolean NOT NULL DEFAULT true,
    target_attempts integer NOT NULL DEFAULT 200 CHECK (target_attempts >= 0),
    target_effective integer NOT NULL DEFAULT 20 CHECK (target_effective >= 0),
    target_talk_seconds integer NOT NULL DEFAULT 7200 CHECK (target_talk_seconds >= 0)
);
COMMENT ON COLUMN organisation.masks_numbers IS 'Whether agents see customers'' numbers masked, in the page''s data too.';
INSERT INTO organisation (organisation_id, name) VALUES ('main', 'Main');

-- No foreign keys here: they would lock busy tables; the store checks the name when it writes.
ALTER TABLE account ADD COLUMN organisation text NOT NULL DEFAULT 'main';
ALTER TABLE account ADD COLUMN totp_secret text;
ALTER TABLE account ADD COLUMN totp_pending text;
ALTER TABLE account ADD COLUMN totp_last_step bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN account.totp_last_step IS 'The newest time step whose code was used: no code works twice.';
ALTER TABLE campaign ADD COLUMN organisation text NOT NULL DEFAULT 'main';
ALTER TABLE agent ADD COLUMN organisation text NOT NULL DEFAULT 'main';

ALTER TABLE web_session ADD COLUMN address text NOT NULL DEFAULT '';
ALTER TABLE web_session ADD COLUMN browser text NOT NULL DEFAULT '';

-- Which campaigns the client of an outsourcer may see.
CREATE TABLE client_campaign (
    login text NOT NULL REFERENCES account ON DELETE CASCADE,
    campaign text NOT NULL REFERENCES campaign (name) ON UPDATE CASCADE ON DELETE CASCADE,
    PRIMARY KEY (login, campaign)
);

CREATE TABLE audit_log (
    audit_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    login text NOT NULL,
    role text NOT NULL,
    organisation text NOT NULL,
    address text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    status integer
);
COMMENT ON TABLE audit_log IS 'Every sensitive act, written before it is done; status: the HTTP answer, null: none came.';
CREATE INDEX audit_log_at ON audit_log (organisation, audit_id DESC);

-- SIP accounts of agents who were made in the pages.
CREATE TABLE phone (
    agent_id text PRIMARY KEY REFERENCES agent ON DELETE CASCADE,
    secret text NOT NULL CHECK (secret ~ '^[A-Za-z0-9_-]{20,80}$'),
    created_at timestamptz NOT NULL DEFAULT now()
);

-- What the agent said of a call when it was over.
CREATE TABLE call_wrap_up (
    call_id text PRIMARY KEY,
    agent_id text NOT NULL,
    disposition text NOT NULL CHECK (disposition ~ '^[a-z][a-z_]{0,39}$'),
    note text NOT NULL DEFAULT '',
    callback_at timestamptz,
    do_not_call boolean NOT NULL DEFAULT false,
    saved_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX call_wrap_up_callback ON call_wrap_up (agent_id, callback_at) WHERE callback_at IS NOT NULL;
