"""How many requests one browser or address may make. Pure: the clock is an argument."""

from collections import OrderedDict
from dataclasses import dataclass

REQUESTS_PER_SECOND = 20.0
"""A page asks a few times a second at most; a script that copies us asks hundreds of times."""
REQUEST_BURST = 200.0
"""What a page and its colleagues behind one address may ask for at the start of a shift."""
REMEMBERED_CALLERS = 10_000
"""Bounds the memory that a flood of made-up sessions can take."""


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class RequestLimit:
    """A bucket of requests for each caller, filled again at a steady rate."""

    def __init__(
        self, per_second: float = REQUESTS_PER_SECOND, burst: float = REQUEST_BURST
    ) -> None:
        self._per_second = per_second
        self._burst = burst
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, caller: str, now: float) -> float:
        """Take one request; return 0, or how many seconds to wait for the next."""
        bucket = self._buckets.setdefault(caller, _Bucket(self._burst, now))
        self._buckets.move_to_end(caller)
        while len(self._buckets) > REMEMBERED_CALLERS:
            self._buckets.popitem(last=False)
        gained = (now - bucket.at) * self._per_second
        bucket.left, bucket.at = min(self._burst, bucket.left + gained), now
        if bucket.left < 1:
            return (1 - bucket.left) / self._per_second
        bucket.left -= 1
        return 0.0
