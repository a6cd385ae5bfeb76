"""The pages' view of the reports."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from calls.ids import AgentId
from reports.agent_day import NOT_COUNTED, agent_day, day_bounds
from reports.definitions import AGENT_DAY, Definition
from reports.tables import Table, make_table
from store.database import Database
from store.report_rows import AgentRegionRow, agent_region_sums
from store.sums import By
from web.ports import AgentDay


class ReportsPort:
    """Fits `web.ports.Reports`. time_zone: the organisation's, in which days begin and end."""

    def __init__(self, database: Database, time_zone: str) -> None:
        self._database = database
        self._time_zone = time_zone

    async def agent_day(self, day: date, agent: AgentId | None) -> Sequence[AgentDay]:
        """Return each agent's row of that day, or only the one agent's."""
        report = await agent_day(self._database, day, self._time_zone)
        return [
            AgentDay(
                agent=AgentId(row.key) if row.key else None,
                name=row.title,
                attempts=row.totals.attempts,
                answered=row.totals.answered,
                valid=row.totals.valid,
                effective=row.totals.effective,
                talk=row.totals.talk,
                effective_talk=row.totals.effective_talk,
            )
            for row in report.rows
            if agent is None or row.key == agent
        ]

    async def agent_regions(self, day: date, agents: Sequence[AgentId]) -> Sequence[AgentRegionRow]:
        """Return these agents' figures of that day by region, the busiest region first."""
        start, end = day_bounds(day, self._time_zone)
        return await agent_region_sums(self._database, start, end, NOT_COUNTED, agents)

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
        """Return the sums of these days over these campaigns (None: all)."""
        return await make_table(
            self._database,
            by,
            first,
            last,
            campaigns=campaigns,
            key=key,
            with_adjustments=with_adjustments,
        )

    @property
    def zone(self) -> str:
        """IANA name of the organisation's time zone."""
        return self._time_zone

    def today(self) -> date:
        """Return the organisation's day now."""
        return datetime.now(ZoneInfo(self._time_zone)).date()

    def definitions(self) -> Sequence[Definition]:
        """Return the definition of every measure of the report, in its order."""
        return AGENT_DAY
