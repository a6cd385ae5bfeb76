"""What the bridge loses, doubles or gets wrong on a bad line to a real Asterisk: nothing."""
