"""What may become of a command given to the switch: the errors that dialer and bridge share.

The dialer never imports the bridge, and the bridge never the dialer: these words are between them.
"""


class SwitchError(Exception):
    """The switch did not confirm a command.

    maybe_executed: False only where the command certainly had no effect, so that it may be given
    again; True where a call may exist, so that only a snapshot, the records or a fact can tell.
    """

    maybe_executed = True


class ActionRefused(SwitchError):
    """Asterisk said no, or the command could not even be written down safely."""

    maybe_executed = False

    def __init__(self, action: str, reason: str) -> None:
        super().__init__(f"{action}: {reason}")
        self.action = action
        self.reason = reason


class LinkDown(SwitchError):
    """There is no ready link to Asterisk: nothing was sent."""

    maybe_executed = False


class ActionUncertain(SwitchError):
    """It was sent, and no answer came: it may have been carried out. Never repeat it blindly."""
