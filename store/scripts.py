"""What agents of a campaign say before, during and after a call."""

from dataclasses import dataclass
from datetime import datetime

from store.database import Database


@dataclass(frozen=True, slots=True)
class ScriptText:
    """A campaign's script in one language: plain text with `{company}` and the like in it."""

    language: str
    before_call: str
    during_call: str
    after_call: str


@dataclass(frozen=True, slots=True)
class SavedScript:
    """A script as it stands, when it was changed last and by whom (login)."""

    text: ScriptText
    changed_at: datetime
    changed_by: str


class ScriptStore:
    """The scripts' queries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_campaign(self, campaign: str) -> list[SavedScript]:
        """Return the campaign's script in every language that it has, by language."""
        rows = await self._database.fetch("scripts", campaign)
        return [_saved(**row) for row in rows]

    async def save(self, campaign: str, text: ScriptText, by: str) -> bool:
        """Save a script in its language; False if there is no such campaign."""
        values = (text.language, text.before_call, text.during_call, text.after_call)
        return await self._database.execute("save_script", campaign, *values, by) == 1


def _saved(changed_at: datetime, changed_by: str, **text: str) -> SavedScript:
    return SavedScript(ScriptText(**text), changed_at, changed_by)
