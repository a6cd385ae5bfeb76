"""Why a campaign dials or not is a code with figures, worded in both languages."""

from dataclasses import replace

import pytest

from calls import facts
from calls.campaign import Campaign, CampaignStatus
from calls.pace_reason import PaceCode, PaceReason
from dialer.pace_reasons import explain_pace
from dialer.pacing import Pace, PacingView
from tests.fakes.dialer_world import CAMPAIGN, World
from tests.fakes.web_figures import counters
from web.presenting import present_campaign


@pytest.mark.parametrize("code", PaceCode)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_code_is_worded_in_both_languages(code: PaceCode, language: str) -> None:
    worded = PaceReason(code, 3, 2, 7, 10, 100, 4, 3.0).text(language)

    assert worded
    assert "{" not in worded
    assert worded.isascii() == (language == "en")


SEEN = PacingView(now_seconds=0, idle_agents=2)


@pytest.mark.parametrize(
    ("pace", "view", "code"),
    [
        (Pace(1, ""), SEEN, PaceCode.DIALLING),
        (Pace(0, ""), replace(SEEN, waiting_calls=2), PaceCode.SERVED),
        (Pace(0, ""), replace(SEEN, idle_agents=0), PaceCode.NO_FREE_AGENT),
        (Pace(0, ""), replace(SEEN, talking_seconds=[1.0] * 10), PaceCode.LINE_LIMIT),
        (
            Pace(0, ""),
            replace(SEEN, answered_in_window=100, abandoned_in_window=4),
            PaceCode.CAP_REACHED,
        ),
    ],
)
def test_the_code_names_what_decided(pace: Pace, view: PacingView, code: PaceCode) -> None:
    assert explain_pace(pace, view, CAMPAIGN).reason.code is code


async def test_the_pacers_own_words_stay_beside_the_code() -> None:
    world = World(agents=2)
    world.snapshot()
    await world.tick()

    pace = world.dialer.state.paces[CAMPAIGN.name]
    assert pace.because == "2 agents free, 0 lines on the way"
    assert (pace.reason.code, pace.reason.idle_agents) == (PaceCode.DIALLING, 2)


async def held(campaign: Campaign, *, linked: bool = True, known: bool = True) -> PaceCode:
    world = World()
    world.wishes.wanted = [campaign]
    world.switch.can_place = linked
    world.snapshot()
    if not known:
        world.live.apply(facts.LinkLost(world.clock.now(), "gone"))
    await world.tick()
    return world.dialer.state.paces[campaign.name].reason.code


async def test_what_holds_a_campaign_has_a_code_of_its_own() -> None:
    paused = replace(CAMPAIGN, status=CampaignStatus.PAUSED)

    assert await held(paused) is PaceCode.PAUSED
    assert await held(CAMPAIGN, linked=False) is PaceCode.NO_LINK
    assert await held(CAMPAIGN, known=False) is PaceCode.FLOOR_UNKNOWN


def test_the_pages_get_code_and_figures() -> None:
    reason = PaceReason(PaceCode.SERVED, idle_agents=4)
    shown = present_campaign(replace(counters("spring", CampaignStatus.RUNNING), reason=reason))

    assert shown.reason is not None
    assert (shown.reason.code, shown.reason.idle_agents) == (PaceCode.SERVED, 4)
