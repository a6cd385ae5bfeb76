"""Benchmarks that anyone can run: each prints a table and a ratio against a named baseline."""
