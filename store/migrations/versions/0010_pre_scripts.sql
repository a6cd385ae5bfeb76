-- The scripts that agents read from.
-- "pre": old code runs on it; every new column has a default.
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

-- What agents of a campaign say before, during and after a call, in one language.
CREATE TABLE call_script (
    campaign text NOT NULL REFERENCES campaign (name) ON UPDATE CASCADE ON DELETE CASCADE,
    language text NOT NULL CHECK (language IN ('en', 'zh')),
    before_call text NOT NULL DEFAULT '' CHECK (length(before_call) <= 4000),
    during_call text NOT NULL DEFAULT '' CHECK (length(during_call) <= 4000),
    after_call text NOT NULL DEFAULT '' CHECK (length(after_call) <= 4000),
    changed_at timestamptz NOT NULL DEFAULT now(),
    changed_by text NOT NULL,
    PRIMARY KEY (campaign, language)
);
COMMENT ON TABLE call_script IS 'Plain text; {company} and so on are filled in from the lead by the page.';
