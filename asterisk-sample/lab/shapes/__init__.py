"""Call shapes: each way a call can go, played on real Asterisks while everything is recorded.

`bin/bench shapes` plays and records them all; tests/traces/shapes holds what was recorded.
"""
