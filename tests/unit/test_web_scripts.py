"""Call scripts over the API: written by supervisors, read by agents, their placeholders checked."""

import pytest

from store.organisations import Owners
from tests.fakes.web_services import Ports, get_json, post_json, served, sign_in
from web.api.scripts import PLACEHOLDERS

AT = "/api/v1/campaigns/spring/script"
SCRIPT = {
    "language": "zh",
    "before_call": "看一下 {company} 的行业",
    "during_call": "您好,{contact},我是 {agent}。",
    "after_call": "记下 {need}",
}


async def test_what_a_supervisor_saves_an_agent_reads() -> None:
    ports = Ports()
    async with served(ports.services) as http:
        await sign_in(http, "supervisor")
        await post_json(http, AT, SCRIPT)
        await post_json(http, AT, {**SCRIPT, "language": "en", "during_call": "Hello {contact}"})
        await sign_in(http, "agent")
        told = await get_json(http, AT)
    assert told["campaign"] == "spring"
    assert {one["language"]: one["during_call"] for one in told["scripts"]} == {
        "zh": SCRIPT["during_call"],
        "en": "Hello {contact}",
    }
    assert {one["changed_by"] for one in told["scripts"]} == {"supervisor"}
    assert set(told["placeholders"]) == set(PLACEHOLDERS) >= {"company", "contact", "agent"}
    assert "number" not in told["placeholders"]  # it may be masked
    assert "script_save" in {act.action for act in ports.audit.acts}


@pytest.mark.parametrize("name", ["compani", "number", "", " company", "company.__class__"])
async def test_an_unknown_placeholder_is_named_with_its_part_and_line(name: str) -> None:
    ports = Ports()
    body = {**SCRIPT, "during_call": f"{{contact}}\nof {{{name}}}"}
    async with served(ports.services) as http:
        await sign_in(http, "supervisor")
        said = await post_json(http, AT, body, 400)
    assert said["message"].startswith(f"during_call, line 2: {{{name}}} is unknown; there are {{")
    assert ports.scripts.by_language == {}


@pytest.mark.parametrize(
    "change",
    [{"language": "de"}, {"after_call": "x" * 4001}, {"before_call": "\x00"}, {"more": ""}],
)
async def test_a_script_that_cannot_be_is_refused(change: dict[str, str]) -> None:
    async with served(Ports().services) as http:
        await sign_in(http, "supervisor")
        await post_json(http, AT, SCRIPT | change, 400)


async def test_the_longest_script_fits_a_request() -> None:
    longest = dict.fromkeys(("before_call", "during_call", "after_call"), "话" * 4000)
    async with served(Ports().services) as http:
        await sign_in(http, "supervisor")
        await post_json(http, AT, SCRIPT | longest)


async def test_another_organisations_campaign_and_none_have_no_script() -> None:
    ports = Ports()
    ports.owners.now = Owners(campaigns={"spring": "others"})
    async with served(ports.services) as http:
        for login in ("agent", "supervisor"):
            await sign_in(http, login)
            assert (await get_json(http, AT, 404))["error_id"] == "no-such-campaign"
        await post_json(http, AT, SCRIPT, 404)
        await post_json(http, "/api/v1/campaigns/winter/script", SCRIPT, 404)
    assert ports.scripts.by_language == {}
