"""A call floor in a computer: what a way of pacing would do, in minutes instead of days."""
