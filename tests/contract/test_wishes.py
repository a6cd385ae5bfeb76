"""What every adapter of `dialer.ports.Wishes` promises."""

from dataclasses import replace
from datetime import timedelta

from calls.campaign import CampaignStatus
from calls.ids import CampaignName, QueueName
from calls.outcomes import NetworkResult
from tests.contract.wishes_desks import WishesDesk
from tests.fakes.dialer_world import CAMPAIGN, QUEUE


async def test_campaigns_come_by_name_with_every_setting(wishes_desk: WishesDesk) -> None:
    retry = {NetworkResult.BUSY: timedelta(seconds=90.5)}
    winter = replace(CAMPAIGN, name=CampaignName("winter"), retry_after=retry, amd="label")
    for campaign in (winter, CAMPAIGN):
        await wishes_desk.add_campaign(campaign)

    told = await wishes_desk.wishes.campaigns()

    assert [replace(one, campaign_id=1) for one in told] == [CAMPAIGN, winter]


async def test_a_status_that_is_wished_is_told_at_once(wishes_desk: WishesDesk) -> None:
    await wishes_desk.add_campaign(CAMPAIGN)
    await wishes_desk.set_status(replace(CAMPAIGN, status=CampaignStatus.PAUSED))

    assert [one.status for one in await wishes_desk.wishes.campaigns()] == [CampaignStatus.PAUSED]


async def test_a_seat_says_who_sits_where_and_why_it_is_paused(wishes_desk: WishesDesk) -> None:
    await wishes_desk.sign_in("li", QUEUE)
    await wishes_desk.sign_in("an", QUEUE)
    await wishes_desk.pause("li", "午饭")

    told = [(s.agent, s.name, s.queue, s.pause_reason) for s in await wishes_desk.wishes.seats()]

    assert told == [("an", "An", QUEUE, None), ("li", "Li", QUEUE, "午饭")]


async def test_who_moves_to_another_queue_sits_there_only_and_not_paused(
    wishes_desk: WishesDesk,
) -> None:
    await wishes_desk.sign_in("li", QUEUE)
    await wishes_desk.pause("li", "lunch")
    await wishes_desk.sign_in("li", QueueName("other"))

    [seat] = await wishes_desk.wishes.seats()
    assert (seat.queue, seat.pause_reason) == ("other", None)


async def test_who_signed_out_has_no_seat(wishes_desk: WishesDesk) -> None:
    await wishes_desk.sign_in("li", QUEUE)
    await wishes_desk.sign_out("li")

    assert list(await wishes_desk.wishes.seats()) == []
