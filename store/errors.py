"""What can go wrong with the database, in our words. No foreign error leaves `store`."""


class StoreError(Exception):
    """Root of the errors of this package."""


class DatabaseUnreachable(StoreError):
    """The database does not answer (now); the same call may succeed later."""


class DatabaseRefused(StoreError):
    """The database answered and said no: wrong password, no such database, a broken constraint.

    constraint: name of the violated constraint, empty if there is none.
    """

    def __init__(self, message: str, constraint: str = "") -> None:
        super().__init__(message)
        self.constraint = constraint


class SchemaOutdated(StoreError):
    """The schema is older or newer than this program; `callfloor migrate` mends the first."""


class ServerNotStarted(StoreError):
    """The embedded Postgres did not come up; the message says why and where its log is."""


class ServerGone(ServerNotStarted):
    """The data of the embedded Postgres is not there any more: no second try can help."""
