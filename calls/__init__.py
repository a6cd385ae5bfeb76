"""The words everyone shares: ids, facts, commands, state tables, outcomes, rules, the floor.

Pure: the standard library only, no asyncio, no clock, no I/O (enforced by import-linter).
"""
