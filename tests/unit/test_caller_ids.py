"""Which number the customer sees, and when a number rests."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.caller_ids import (
    LEAST_ANSWERED,
    CallerIdHealth,
    CallerIdPool,
    CallerIdRule,
    after_call,
    calls_left,
    choose_caller_id,
    resting_until,
)
from calls.campaign import Campaign
from calls.ids import CampaignName
from calls.pace_reason import PaceCode
from dialer.caller_id_desk import CallerIdDesk
from tests.fakes.clock import T0, ManualClock
from tests.fakes.dialer_world import CAMPAIGN, World

BEIJING, SHANGHAI, HANGZHOU = "+861088880001", "+862188880001", "+8657188880001"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def pool_of(*numbers: CallerIdHealth, rule: CallerIdRule = CallerIdRule.EVEN) -> CallerIdPool:
    return CallerIdPool(rule, 3, 0.5, DAY, numbers)


def busy(number: str, calls: int = 3) -> CallerIdHealth:
    return CallerIdHealth(
        number, calls=calls, last_hour=calls, first_in_hour=T0 - HOUR / 2, last_at=T0
    )


def short(number: str, share: float, answered: int = LEAST_ANSWERED) -> CallerIdHealth:
    return CallerIdHealth(
        number, calls=100, answered=answered, short=round(share * answered), last_at=T0 - HOUR
    )


def test_the_number_that_called_least_this_hour_is_next() -> None:
    pool = pool_of(busy(BEIJING, 2), busy(SHANGHAI, 1), busy(HANGZHOU, 2))
    assert choose_caller_id(pool, "+8613910000001", T0).number == SHANGHAI


@pytest.mark.parametrize(
    ("customer", "seen"),
    [("+861065550000", BEIJING), ("+862165550000", SHANGHAI), ("+8657165550000", HANGZHOU)],
)
def test_local_shows_the_number_whose_digits_begin_most_like_the_customers(
    customer: str, seen: str
) -> None:
    numbers = [CallerIdHealth(one) for one in (HANGZHOU, BEIJING, SHANGHAI)]
    pool = pool_of(*numbers, rule=CallerIdRule.LOCAL)
    assert choose_caller_id(pool, customer, T0).number == seen


def test_a_number_rests_when_it_has_made_its_calls_of_an_hour() -> None:
    pool = pool_of(busy(BEIJING, 3), busy(SHANGHAI, 2))
    assert resting_until(pool.numbers[0], pool, T0) == T0 + HOUR / 2
    assert resting_until(pool.numbers[1], pool, T0) is None


@pytest.mark.parametrize(
    ("share", "answered", "rests"),
    [(0.5, 20, False), (0.55, 20, True), (1.0, 19, False), (1.0, 20, True)],
)
def test_a_number_rests_when_too_many_of_its_answered_calls_were_short(
    share: float, answered: int, rests: bool
) -> None:
    one = short(BEIJING, share, answered)
    until = resting_until(one, pool_of(one), T0)
    assert until == (T0 - HOUR + DAY if rests else None)


def test_when_all_rest_none_is_shown_and_the_first_to_come_back_is_told() -> None:
    pool = pool_of(busy(BEIJING), short(SHANGHAI, 1.0))
    choice = choose_caller_id(pool, "+8613910000001", T0)
    assert (choice.number, choice.until) == (None, T0 + HOUR / 2)
    assert calls_left(pool, T0) == 0


def test_a_pool_without_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1 call an hour"):
        CallerIdPool(CallerIdRule.EVEN, 0, 0.5, DAY)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=5), st.integers(0, 30))
def test_no_number_ever_makes_more_calls_than_its_limit(called: list[int], asked: int) -> None:
    numbers = {f"+8610{index}": busy(f"+8610{index}", n) for index, n in enumerate(called)}
    left = calls_left(pool_of(*numbers.values()), T0)
    made = 0
    for _ in range(asked):
        choice = choose_caller_id(pool_of(*numbers.values()), "+8613910000001", T0)
        if choice.number is None:
            break
        numbers[choice.number] = after_call(numbers[choice.number], T0)
        made += 1
    assert made == min(asked, left)
    grown = [one for index, one in enumerate(numbers.values()) if one.last_hour > called[index]]
    assert all(one.last_hour <= 3 for one in grown)


# --- in the dialer ---


class Pools:
    """Pools as tests say them; counts how often they are read."""

    def __init__(self, pool: CallerIdPool) -> None:
        self.pool = pool
        self.looks = 0

    async def pools(self, now: object) -> dict[CampaignName, CallerIdPool]:
        self.looks += 1
        return {CAMPAIGN.name: self.pool}


def with_pool(world: World, pool: CallerIdPool) -> Pools:
    pools = Pools(pool)
    world.dialer.caller_ids = CallerIdDesk(pools, world.clock.now)
    return pools


async def test_the_dialer_shares_its_calls_among_the_numbers() -> None:
    world = World(leads=6, agents=6)
    with_pool(world, pool_of(CallerIdHealth(BEIJING), CallerIdHealth(SHANGHAI)))
    world.snapshot()

    await world.tick()

    shown = [command.caller_id for command in world.switch.placed]
    assert sorted(shown) == [BEIJING] * 3 + [SHANGHAI] * 3
    assert {one.caller_id for one in world.attempts.open.values()} == {BEIJING, SHANGHAI}


async def test_no_more_is_dialled_than_the_numbers_may_call() -> None:
    world = World(leads=6, agents=6)
    with_pool(world, pool_of(busy(BEIJING, 2), busy(SHANGHAI, 3)))
    world.snapshot()

    await world.tick()
    await world.tick()

    assert [command.caller_id for command in world.switch.placed] == [BEIJING]
    assert world.dialer.state.paces[CAMPAIGN.name].reason.code is PaceCode.CALLER_IDS_REST


async def test_pools_are_read_every_few_seconds_and_not_at_every_tick() -> None:
    clock = ManualClock()
    pools = Pools(pool_of(CallerIdHealth(BEIJING)))
    desk = CallerIdDesk(pools, clock.now)
    for _ in range(20):
        await desk.look()
    assert pools.looks == 1
    await clock.sleep(10)
    await desk.look()
    assert pools.looks == 2


async def test_a_number_is_counted_over_all_its_campaigns() -> None:
    class Two(Pools):
        async def pools(self, now: object) -> dict[CampaignName, CallerIdPool]:
            return {CAMPAIGN.name: self.pool, CampaignName("other"): self.pool}

    desk = CallerIdDesk(Two(pool_of(CallerIdHealth(BEIJING))), lambda: T0)
    other: Campaign = replace(CAMPAIGN, name=CampaignName("other"))
    await desk.look()
    for campaign in (CAMPAIGN, other, CAMPAIGN):
        assert desk.show(campaign, "+8613910000001") == BEIJING
    assert desk.lines(CAMPAIGN, 5) == desk.lines(other, 5) == 0
