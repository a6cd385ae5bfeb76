"""What every source says of a row that it cannot read."""


class UnreadRow(ValueError):
    """A row that cannot be read. origin: where it stands. field: the one that is wrong."""

    def __init__(self, origin: str, field: str, reason: str) -> None:
        super().__init__(f"{origin}: {field}: {reason}")
        self.origin = origin
        self.field = field
        self.reason = reason
