"""The outbound list of the web side, in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from store.call_list import CallFilter, CallKey, CallLine
from store.pictures import PictureWish
from tests.fakes.web_accounts import EPOCH

CALL = "0b7c1c1e-5d5e-4f8e-9a53-3a6b1f6d2c11"


class MemoryCallList:
    """Calls a second apart, the newest first; one with a nasty name until told otherwise."""

    def __init__(self) -> None:
        self.wishes: list[PictureWish] = []
        self.filters: list[CallFilter] = []
        self.company = "=HYPERLINK(1)"
        self.calls = 1
        self.fails_after: int | None = None  # pages
        self.failure: Exception | None = None
        self.pages = 0

    async def page(
        self, wish: PictureWish, chosen: CallFilter, limit: int, after: CallKey | None = None
    ) -> Sequence[CallLine]:
        """Return those after the place."""
        self.wishes.append(wish)
        self.filters.append(chosen)
        self.pages += 1
        if self.failure is not None and self.pages > (self.fails_after or 0):
            raise self.failure
        all_of_them = [self._line(serial) for serial in range(self.calls)]
        left = [
            line
            for line in all_of_them
            if after is None or (line.dialled_at, line.call_id) < (after.dialled_at, after.call_id)
        ]
        return left[:limit]

    async def count(self, wish: PictureWish, chosen: CallFilter) -> int:
        """Return how many were asked for."""
        return self.calls

    def _line(self, serial: int) -> CallLine:
        line = call_line(self.company)
        if serial == 0:
            return line
        at = EPOCH - timedelta(seconds=serial)
        return replace(line, call_id=f"call-{serial}", dialled_at=at)


def call_line(company: str) -> CallLine:
    """Make a call with everything that can be known of one."""
    return CallLine(
        call_id=CALL,
        dialled_at=EPOCH,
        campaign="spring",
        list="spring-leads",
        agent="agent-1001",
        agent_name="Li Wei",
        company=company,
        contact="陈经理",
        number="+8613912341234",
        province="浙江",
        direction="outbound",
        network_result="answered",
        agent_disposition="interested",
        note="-1+1",
        ring_seconds=3.2,
        talk_seconds=200.5,
        valid=True,
        effective=True,
        hangup_by="agent",
        recording=True,
        tries=2,
    )
