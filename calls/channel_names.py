"""What the name of a channel (`TECHNOLOGY/endpoint-serial`) says about it."""

INNER_TECHNOLOGIES = frozenset(
    {
        "Local",
        "Surrogate",
        "Message",
        "AsyncGoto",
        "Recorder",
        "Announcer",
        "CBAnn",
        "CBRec",
        "Snoop",
    }
)
"""Channels that Asterisk makes for its own use: never a party, however often they are bridged."""


def is_inner(channel_name: str) -> bool:
    """Tell whether the channel is one of Asterisk's own, with nobody at its far end."""
    return channel_name.partition("/")[0] in INNER_TECHNOLOGIES


def is_local(channel_name: str) -> bool:
    """Tell whether the channel is one half of a Local pair."""
    return channel_name.startswith("Local/")
