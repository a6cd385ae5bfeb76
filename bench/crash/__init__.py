"""Kills the service again and again; counts what was dialled twice, lost or stuck."""
