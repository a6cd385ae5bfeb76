"""Whatever bytes come, the reader neither raises, hangs nor grows."""
