"""Campaigns, reports, pictures and reasons of the web side, in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from calls.abandonment import AbandonmentCount
from calls.campaign import CampaignStatus
from calls.ids import AgentId, CampaignName
from reports.definitions import AGENT_DAY, Definition
from reports.tables import Table
from store.campaigns import CampaignChange
from store.lines import CallerIdSum, TrunkSum
from store.pictures import CampaignSum, HourCell, PictureWish, RegionSum, TalkBin
from store.recordings import Access, RecordedCall
from store.report_rows import AgentRegionRow
from store.sums import By
from web.ports import (
    AgentDay,
    CampaignCounters,
    CampaignOutlook,
    CampaignSteering,
    SteeringRefused,
    WhyRow,
)


class MemoryCampaigns:
    """Two campaigns that change when told to."""

    def __init__(self) -> None:
        self.by_name = {
            "spring": counters("spring", CampaignStatus.RUNNING),
            "autumn": counters("autumn", CampaignStatus.STOPPED),
        }
        self.asked: list[tuple[str, CampaignStatus, str]] = []
        self.changes: list[tuple[str, CampaignChange, str]] = []

    async def counters(self) -> Sequence[CampaignCounters]:
        """Return both."""
        return list(self.by_name.values())

    async def set_status(
        self, name: CampaignName, status: CampaignStatus, *, by: str
    ) -> CampaignCounters | None:
        """Remember who asked, and do it."""
        self.asked.append((name, status, by))
        if name not in self.by_name:
            return None
        self.by_name[name] = replace(self.by_name[name], status=status)
        return self.by_name[name]

    async def change(
        self, name: CampaignName, change: CampaignChange, *, by: str
    ) -> CampaignCounters | None:
        """Do it; power needs a ratio, as in the real port."""
        before = self.by_name.get(name)
        if before is None or before.steering is None:
            return None
        now = before.steering
        new = CampaignSteering(
            mode=now.mode if change.mode is None else change.mode.value,
            ratio=change.ratio or now.ratio,
            max_lines=change.max_lines or now.max_lines,
            priority=now.priority if change.priority is None else change.priority,
            queue=now.queue,
        )
        if new.mode == "power" and new.ratio is None:
            raise SteeringRefused("mode power needs a ratio, 1 to 10")
        self.changes.append((name, change, by))
        self.by_name[name] = replace(before, steering=new)
        return self.by_name[name]


class MemoryLines:
    """One trunk, and a caller ID that people no longer answer."""

    async def sums(self) -> tuple[Sequence[CallerIdSum], Sequence[TrunkSum]]:
        """Return them."""
        return (
            [
                CallerIdSum("spring", "+862110000001", 100, 10, 700, 280),
                CallerIdSum("spring", "+862110000002", 100, 38, 700, 280),
            ],
            [TrunkSum("spring", "carrier", 200, 2)],
        )


def counters(name: str, status: CampaignStatus) -> CampaignCounters:
    """Make a campaign's counters."""
    return CampaignCounters(
        name=CampaignName(name),
        status=status,
        attempts=100,
        answered=40,
        valid=30,
        effective=8,
        abandoned=1,
        leads_left=560,
        pace=3,
        because="3 agents are ready",
        steering=CampaignSteering("progressive", None, 100, 0, "callfloor"),
        outlook=CampaignOutlook(AbandonmentCount(400, 9), 0.03, None),
    )


class MemoryReports:
    """Two agents' day."""

    def __init__(self) -> None:
        self.asked: list[tuple[By, date, date, Sequence[str] | None, str | None]] = []
        self.regions = [
            AgentRegionRow("agent-1001", "浙江", 7, 4, 3, 2, timedelta(seconds=650.25)),
            AgentRegionRow("agent-1001", "", 3, 2, 2, 0, timedelta(seconds=50)),
            AgentRegionRow("agent-1002", "江苏", 20, 9, 7, 3, timedelta(seconds=1200)),
        ]
        self.rows = [
            agent_day("agent-1001", "Li Wei", 10, 6, 5, 2, 700.25, 500.5),
            agent_day("agent-1002", "=cmd()", 20, 9, 7, 3, 1200.0, 900.0),
        ]

    async def agent_day(self, day: date, agent: AgentId | None) -> Sequence[AgentDay]:
        """Return the rows, or the one."""
        return [row for row in self.rows if agent in (None, row.agent)]

    async def agent_regions(self, day: date, agents: Sequence[AgentId]) -> Sequence[AgentRegionRow]:
        """Return those that were put there."""
        return [row for row in self.regions if row.agent in agents]

    async def table(
        self,
        by: By,
        first: date,
        last: date,
        *,
        campaigns: Sequence[str] | None,
        key: str | None,
        with_adjustments: bool,
    ) -> Table:
        """Return one row, and remember what was asked for."""
        self.asked.append((by, first, last, campaigns, key))
        return Table(by.value, (by.value, "attempts"), (("=cmd()", 3), ("total", 3)), ("a note",))

    zone = "Asia/Shanghai"

    def today(self) -> date:
        """Return the same day always."""
        return date(2026, 11, 22)

    def definitions(self) -> Sequence[Definition]:
        """Return the real ones."""
        return AGENT_DAY


def agent_day(
    agent: str,
    name: str,
    attempts: int,
    answered: int,
    valid: int,
    effective: int,
    talk: float,
    effective_talk: float,
) -> AgentDay:
    """Make a row; talk in seconds."""
    return AgentDay(
        AgentId(agent),
        name,
        attempts,
        answered,
        valid,
        effective,
        timedelta(seconds=talk),
        timedelta(seconds=effective_talk),
    )


class MemoryPictures:
    """A few figures."""

    def __init__(self) -> None:
        self.wishes: list[PictureWish] = []

    async def hours(self, wish: PictureWish) -> Sequence[HourCell]:
        """Return one cell."""
        self.wishes.append(wish)
        return [HourCell(1, 9, 10, 4, 1)]

    async def talks(self, wish: PictureWish) -> Sequence[TalkBin]:
        """Return two bins."""
        return [TalkBin(0, 3), TalkBin(180, 1)]

    async def campaigns(self, wish: PictureWish) -> Sequence[CampaignSum]:
        """Return one campaign."""
        return [CampaignSum("spring", 10, 4, 3, 1, 400.5, 180.0)]

    async def regions(self, wish: PictureWish) -> Sequence[RegionSum]:
        """Return two, one not known."""
        return [RegionSum("浙江", 8, 4, 1, 400.5), RegionSum("", 2, 0, 0, 0.0)]


class MemoryWhy:
    """One answer."""

    async def campaign(self, name: str) -> Sequence[WhyRow]:
        """Return it for any campaign."""
        return [WhyRow(name, f"campaign {name}", "no", "campaign/paused", None, "it is paused")]

    async def lead(self, text: str) -> Sequence[WhyRow]:
        """Return it for any lead."""
        return [WhyRow("spring", f"lead {text} of spring", "no", "list/done", None, "it is over")]


class MemoryRecordings:
    """Recordings of tests, and who asked for them."""

    def __init__(self) -> None:
        self.calls: dict[str, RecordedCall] = {}
        self.accesses: list[tuple[str, str, Access]] = []

    async def find(self, call_id: str) -> RecordedCall | None:
        """Return what the test put there."""
        return self.calls.get(call_id)

    async def log(self, call_id: str, login: str, what: Access) -> None:
        """Remember it."""
        self.accesses.append((call_id, login, what))
