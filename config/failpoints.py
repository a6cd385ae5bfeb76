"""Places where a test may kill this process, so that recovery is proven at each of them.

`CALLFLOOR_TEST_FAILPOINT=NAME` or `NAME:COUNT` kills by SIGKILL when NAME is reached for the first
or the COUNTth time: no clean-up, no last word, as when the machine dies. Without it a failpoint
costs one comparison.
"""

import os
import signal

VARIABLE = "CALLFLOOR_TEST_FAILPOINT"
POINTS = (
    "lease.saved",
    "lease.committed",
    "originate.sending",
    "originate.sent",
    "fact.ChannelStarted",
    "fact.ChannelRang",
    "fact.ChannelAnswered",
    "fact.AgentOffered",
    "fact.AgentConnected",
    "fact.BridgeEntered",
    "fact.BridgeLeft",
    "fact.ChannelEnded",
    "call.ended",
    "settle.marked",
    "settle.released",
    "settle.committed",
    "record.replacing",
    "record.replaced",
)
"""Every step from the lease of a lead to the record of its call, in the order of a call."""


class UnknownFailpoint(ValueError):
    """The variable names none of the failpoints."""


def _read(text: str) -> tuple[str, int]:
    name, _, count = text.partition(":")
    if name and name not in POINTS:
        raise UnknownFailpoint(f"{VARIABLE}={text}: there are {', '.join(POINTS)}")
    return name, int(count) if count.isdigit() else 1


_armed, _left = _read(os.environ.get(VARIABLE, ""))


def reach(name: str) -> None:
    """Die here if a test asked for it."""
    global _left
    if name != _armed:
        return
    _left -= 1
    if _left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)


def is_armed() -> bool:
    """Whether any failpoint is set; for names that cost something to make."""
    return bool(_armed)
