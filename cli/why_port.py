"""Fits `web.ports.Why`: the page asks what `callfloor why` asks, of the same functions."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from cli.output import Cell
from cli.session import Failure
from cli.why import Asked, campaign_rows, lead_rows
from config.settings import Settings
from crm.phones import DEFAULT_REGION
from store.campaigns import UnknownCampaign
from store.database import Database
from web.ports import WhyRow


class WhyPort:
    """Asks anew each time: rules, lists and holidays as they are now."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database

    async def campaign(self, name: str) -> Sequence[WhyRow]:
        """Return what holds a campaign and its leads, empty if there is no such campaign."""
        try:
            return _rows(await campaign_rows(self._asked(), name), name)
        except UnknownCampaign:
            return []

    async def lead(self, text: str) -> Sequence[WhyRow]:
        """Return the answer for each lead of that id or number."""
        asked = self._asked()
        try:
            rows = await lead_rows(asked, text, DEFAULT_REGION)
        except Failure:
            return []
        # "lead 17 of spring"
        return [one for row in rows for one in _rows([row], str(row[0]).rpartition(" of ")[2])]

    def _asked(self) -> Asked:
        return Asked(self._settings, self._database)


def _rows(rows: Iterable[tuple[Cell, ...]], campaign: str) -> list[WhyRow]:
    return [
        WhyRow(
            campaign=campaign,
            what=str(what),
            allowed=str(allowed),
            rule=str(rule),
            until=datetime.fromisoformat(str(until)) if until else None,
            reason=str(reason),
        )
        for what, allowed, rule, until, reason in rows
    ]
