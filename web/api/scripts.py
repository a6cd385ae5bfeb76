"""Call scripts: read by agents beside the call, written by supervisors."""

import re

import structlog
from aiohttp import web

from store.scripts import ScriptText
from web.api.answers import answer, read_body
from web.errors import BadRequest, NoSuchCampaign
from web.keys import ACCOUNT, SERVICES, TENANCY
from web.lead_schemas import LeadView
from web.script_schemas import CampaignScript, ScriptView, ScriptWish

_log = structlog.get_logger(__name__)
_NOT_SAID = frozenset({"lead_id", "number", "time_zone", "tries", "last_calls"})
"""Of a lead, what nobody reads out; the number may be masked."""
PLACEHOLDERS = (*(field for field in LeadView.__struct_fields__ if field not in _NOT_SAID), "agent")
_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
_PARTS = ("before_call", "during_call", "after_call")


async def script(request: web.Request) -> web.Response:
    """Return a campaign's script in every language that it has."""
    return answer(await _script(request, _visible_campaign(request)))


async def save(request: web.Request) -> web.Response:
    """Save a campaign's script in one language; the next call shows it."""
    name = _visible_campaign(request)
    wish = await read_body(request, ScriptWish)
    for part in _PARTS:
        _check_placeholders(part, getattr(wish, part))
    text = ScriptText(wish.language, wish.before_call, wish.during_call, wish.after_call)
    login = request[ACCOUNT].login
    if not await request.app[SERVICES].scripts.save(name, text, login):
        raise NoSuchCampaign(f"there is no campaign {name}")
    _log.info("script_saved", campaign=name, language=wish.language, login=login)
    return answer(await _script(request, name))


def _visible_campaign(request: web.Request) -> str:
    name = request.match_info["name"]
    if not request.app[TENANCY].sees_campaign(request[ACCOUNT], name):
        raise NoSuchCampaign(f"there is no campaign {name}")
    return name


async def _script(request: web.Request, name: str) -> CampaignScript:
    saved = await request.app[SERVICES].scripts.of_campaign(name)
    views = [
        ScriptView(
            language="zh" if one.text.language == "zh" else "en",
            before_call=one.text.before_call,
            during_call=one.text.during_call,
            after_call=one.text.after_call,
            changed_at=one.changed_at,
            changed_by=one.changed_by,
        )
        for one in saved
    ]
    return CampaignScript(name, views, list(PLACEHOLDERS))


def _check_placeholders(part: str, text: str) -> None:
    """Refuse what would stand in braces before the agent's eyes for ever."""
    for line, content in enumerate(text.split("\n"), 1):
        for found in _PLACEHOLDER.findall(content):
            if found not in PLACEHOLDERS:
                known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
                raise BadRequest(f"{part}, line {line}: {{{found}}} is unknown; there are {known}")
