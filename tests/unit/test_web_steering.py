"""Steering by page: pace, priority, moves and lines, each by permission and written down."""

from datetime import UTC, datetime, timedelta

import pytest

from calls.caller_ids import CallerIdHealth, CallerIdPool, CallerIdRule
from calls.campaign import Mode
from calls.ids import CampaignName
from cli.campaign_outlook import project_finish
from cli.campaigns_port import with_pools
from store.campaigns import CampaignChange
from store.lines import CallerIdSum, TrunkSum
from store.organisations import Owners
from tests.fakes.web_services import Ports, get_json, post_json, served, sign_in
from web.line_health import judge_lines

CHANGE = "/api/v1/campaigns/spring/change"
MOVE = "/api/v1/agents/agent-1001/move"
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


async def test_pace_and_priority_are_changed_and_shown_and_written_down() -> None:
    ports = Ports()
    async with served(ports.services) as http:
        await sign_in(http, "supervisor")
        body = {"mode": "power", "ratio": 1.5, "max_lines": 40, "priority": 7}
        shown = await post_json(http, CHANGE, body)
    assert shown["steering"] == {**body, "queue": "callfloor"}
    change = CampaignChange(mode=Mode.POWER, ratio=1.5, max_lines=40, priority=7)
    assert ports.campaigns.changes == [("spring", change, "supervisor")]
    assert [(act.action, act.subject) for act in ports.audit.acts][-1] == (
        "campaign_change",
        "spring",
    )


async def test_what_is_left_out_of_a_change_stays() -> None:
    ports = Ports()
    async with served(ports.services) as http:
        await sign_in(http, "supervisor")
        shown = await post_json(http, CHANGE, {"priority": 3})
    assert shown["steering"] == {
        "mode": "progressive",
        "ratio": None,
        "max_lines": 100,
        "priority": 3,
        "queue": "callfloor",
    }


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, "nothing to change"),
        ({"mode": "power"}, "mode power needs a ratio, 1 to 10"),
        ({"mode": "magic"}, "$.mode"),
        ({"ratio": 0.5}, "$.ratio"),
        ({"ratio": 11}, "$.ratio"),
        ({"max_lines": 0}, "$.max_lines"),
        ({"priority": 1001}, "$.priority"),
        ({"status": "running"}, "status"),
    ],
)
async def test_a_pace_that_cannot_be_is_refused_by_name(body: dict[str, object], says: str) -> None:
    ports = Ports()
    async with served(ports.services) as http:
        await sign_in(http, "supervisor")
        refused = await post_json(http, CHANGE, body, 400)
    assert says in refused["message"]
    assert ports.campaigns.changes == []


async def test_another_organisations_campaign_cannot_be_changed() -> None:
    ports = Ports()
    ports.owners.now = Owners(campaigns={"spring": "other"})
    async with served(ports.services) as http:
        await sign_in(http, "supervisor")
        await post_json(http, CHANGE, {"priority": 3}, 404)
        await post_json(http, "/api/v1/campaigns/none/change", {"priority": 3}, 404)
    assert ports.campaigns.changes == []


async def test_an_agent_is_moved_to_a_queue_of_the_organisation() -> None:
    ports = Ports()
    ports.floor.know()
    ports.floor.sign_in("agent-1001", "Li Wei")
    async with served(ports.services) as http:
        await sign_in(http, "leader")
        assert (await get_json(http, "/api/v1/queues"))["queues"] == ["callfloor"]
        refused = await post_json(http, MOVE, {"queue": "elsewhere"}, 400)
        assert "there are: callfloor" in refused["message"]
        await post_json(http, MOVE, {"queue": "callfloor"})
    assert ports.seats.asked == [("move", "agent-1001", "callfloor")]
    assert [act.action for act in ports.audit.acts][-1] == "seat_move"


async def test_an_agent_of_another_organisation_or_of_none_is_not_moved() -> None:
    ports = Ports()
    ports.floor.know()
    ports.floor.sign_in("agent-1001", "Li Wei")
    ports.owners.now = Owners(agents={"agent-1001": "other"})
    async with served(ports.services) as http:
        await sign_in(http, "leader")
        await post_json(http, MOVE, {"queue": "callfloor"}, 404)
        await post_json(http, "/api/v1/agents/agent-9/move", {"queue": "callfloor"}, 404)
    assert ports.seats.asked == []


async def test_a_caller_id_that_people_no_longer_answer_is_marked() -> None:
    async with served(Ports().services) as http:
        await sign_in(http, "leader")
        lines = await get_json(http, "/api/v1/lines")
    assert [(one["caller_id"], one["is_bad"]) for one in lines["caller_ids"]] == [
        ("+862110000001", True),
        ("+862110000002", False),
    ]
    assert lines["trunks"] == [{"trunk": "carrier", "calls": 200, "failed": 2, "is_bad": False}]


def test_lines_are_judged_over_the_campaigns_that_may_be_seen() -> None:
    caller_ids = [
        CallerIdSum("a", "+861", 20, 1, 20, 20),
        CallerIdSum("b", "+861", 20, 20, 20, 20),
    ]
    trunks = [TrunkSum("a", "carrier", 40, 5), TrunkSum("b", "carrier", 400, 0)]
    both = judge_lines(caller_ids, trunks, lambda _: True)
    assert [(one.attempts, one.is_bad) for one in both.caller_ids] == [(40, False)]
    assert [(one.calls, one.failed, one.is_bad) for one in both.trunks] == [(440, 5, False)]
    only = judge_lines(caller_ids, trunks, lambda name: name == "a")
    assert [(one.attempts, one.is_bad) for one in only.caller_ids] == [(20, False)]  # too few
    assert [(one.calls, one.failed, one.is_bad) for one in only.trunks] == [(40, 5, True)]


def test_a_pools_number_that_rests_is_shown_even_before_its_first_call_of_the_week() -> None:
    health = CallerIdHealth(
        "+861", calls=30, answered=20, short=15, last_at=NOW - timedelta(hours=1)
    )
    pool = CallerIdPool(CallerIdRule.EVEN, 60, 0.5, timedelta(hours=24), (health,))
    known = CallerIdSum("a", "+869", 1, 1, 1, 1)

    sums = with_pools([known], {CampaignName("a"): pool}, NOW)
    shown = judge_lines(sums, [], lambda _: True).caller_ids

    told = [(one.caller_id, one.short_share, one.resting_until) for one in shown]
    assert told == [("+861", 0.75, NOW + timedelta(hours=23)), ("+869", None, None)]


@pytest.mark.parametrize(
    ("left", "finished", "wanted"),
    [(60, 30, NOW + timedelta(hours=2)), (60, 0, None), (0, 30, None)],
)
def test_the_lists_end_is_projected_from_the_last_hour(
    left: int, finished: int, wanted: datetime | None
) -> None:
    assert project_finish(NOW, left, finished) == wanted
