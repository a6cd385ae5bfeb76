"""What can go wrong between us and Asterisk.

AmiError
    AsteriskUnreachable     no TCP connection, or nobody speaks AMI there
    LoginRefused            Asterisk answered the login with no
    FramingError            bytes that are no AMI
    TranslationError        one event lacks or garbles a header
    SnapshotIncomplete      a list ended with fewer items than it announced
calls.switch.SwitchError
    ActionRefused, LinkDown
        UnsafeField         (an ActionRefused) a value that must not be sent
    ActionUncertain
        ConnectionLost      the link broke while the answer was awaited
        ActionTimedOut      no answer within the deadline
"""

from calls.switch import ActionRefused, ActionUncertain, LinkDown, SwitchError

__all__ = [
    "ActionRefused",
    "ActionTimedOut",
    "ActionUncertain",
    "AmiError",
    "AsteriskUnreachable",
    "ConnectionLost",
    "FramingError",
    "LinkDown",
    "LoginRefused",
    "SnapshotIncomplete",
    "SwitchError",
    "TranslationError",
    "UnsafeField",
]


class AmiError(Exception):
    """Root of what the link itself can meet."""


class AsteriskUnreachable(AmiError):
    """Nobody speaks AMI at that address."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"no Asterisk at {place}: {why}")
        self.place = place
        self.why = why


class LoginRefused(AmiError):
    """Asterisk refused this user; the secret or the address lists of manager.conf are wrong."""

    def __init__(self, place: str, user: str, why: str) -> None:
        super().__init__(f"Asterisk at {place} refused the login of user {user!r}: {why}")
        self.place = place
        self.user = user
        self.why = why


class FramingError(AmiError):
    """The bytes are no AMI, or a message is larger than any real one."""


class TranslationError(AmiError):
    """One event cannot be understood; the link counts it and goes on."""

    def __init__(self, event: str, header: str, why: str = "is missing") -> None:
        super().__init__(f"{event}: header {header} {why}")
        self.event = event
        self.header = header


class SnapshotIncomplete(AmiError):
    """Asterisk announced more list items than it sent."""

    def __init__(self, action: str, announced: int, seen: int) -> None:
        super().__init__(f"{action}: {announced} items announced, {seen} seen")
        self.action = action


class UnsafeField(ActionRefused):
    """A value that could break out of its header. field: which one."""

    def __init__(self, action: str, field: str, why: str) -> None:
        super().__init__(action, f"field {field} {why}")
        self.field = field


class ConnectionLost(ActionUncertain):
    """The link broke before the answer came."""

    def __init__(self, action: str, *, maybe_executed: bool) -> None:
        super().__init__(f"{action}: the link to Asterisk broke before the answer")
        self.action = action
        self.maybe_executed = maybe_executed


class ActionTimedOut(ActionUncertain):
    """No answer within the deadline; a late one is counted and dropped."""

    def __init__(self, action: str, seconds: float) -> None:
        super().__init__(f"{action}: no answer within {seconds:g} s")
        self.action = action
