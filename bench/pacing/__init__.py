"""The pacing scoreboard."""
