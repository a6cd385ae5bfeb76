"""bin/bench dial: list to call record on a real Asterisk, against a bare loop of Originates."""
