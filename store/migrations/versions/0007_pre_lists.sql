-- Several numbers of one lead.
-- "pre": old code runs on it; it dials the first number only.

SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '600s';

-- A lead with one number has no row here, so a list of millions pays nothing.
CREATE TABLE lead_phone (
    lead_id bigint NOT NULL REFERENCES lead ON DELETE CASCADE,
    position integer NOT NULL CHECK (position BETWEEN 1 AND 20),
    phone text NOT NULL CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
    time_zone text NOT NULL,
    is_dead boolean NOT NULL DEFAULT false,
    PRIMARY KEY (lead_id, position)
);
COMMENT ON TABLE lead_phone IS
'All numbers of a lead that has several, in the order in which they are tried; position 1 is lead.phone.';
COMMENT ON COLUMN lead_phone.is_dead IS 'The network or a do-not-call list says that it is never dialled again.';
CREATE INDEX lead_phone_number ON lead_phone (phone);

ALTER TABLE lead_state ADD COLUMN phone_position integer NOT NULL DEFAULT 1;
COMMENT ON COLUMN lead_state.phone_position IS 'The number that is dialled next; time_zone is that number''s.';
