"""Asterisk's own records become one call record each, exactly once."""
