"""What goes over the wire of call scripts."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

ScriptPart = Annotated[str, Meta(max_length=4000, pattern="^[^\\x00]*$")]
ScriptLanguage = Literal["en", "zh"]


class ScriptWish(Struct, frozen=True, forbid_unknown_fields=True):
    """A campaign's script in one language. `{company}` and the like are filled in by the page."""

    language: ScriptLanguage
    before_call: ScriptPart
    during_call: ScriptPart
    after_call: ScriptPart


class ScriptView(Struct, frozen=True):
    """The same as it stands, when it was changed last and by whom."""

    language: ScriptLanguage
    before_call: str
    during_call: str
    after_call: str
    changed_at: datetime
    changed_by: str


class CampaignScript(Struct, frozen=True):
    """A campaign's script in every language that it has. placeholders: what may stand in braces."""

    campaign: str
    scripts: list[ScriptView]
    placeholders: list[str]
