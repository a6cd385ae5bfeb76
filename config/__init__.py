"""Settings, timeouts with their reasons, and logging."""
