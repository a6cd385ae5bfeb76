"""What every adapter of `dialer.ports.Switch` promises."""

import pytest

from calls import facts as f
from calls.commands import SignInAgent
from calls.switch import ActionRefused, ActionUncertain, LinkDown
from tests.contract.switch_benches import SwitchBench
from tests.fakes.started_switch import AGENT, QUEUE, a_call


async def test_a_call_reaches_asterisk_once_under_its_attempt(switch_bench: SwitchBench) -> None:
    assert switch_bench.switch.can_place

    await switch_bench.switch.place(a_call(1))
    await switch_bench.switch.send(a_call(2))

    assert switch_bench.reached() == ["attempt-1", "attempt-2"]


async def test_a_refused_call_was_surely_not_made(switch_bench: SwitchBench) -> None:
    switch_bench.refuse()

    with pytest.raises(ActionRefused) as refused:
        await switch_bench.switch.place(a_call())

    assert not refused.value.maybe_executed
    assert switch_bench.reached() == ["attempt-1"]


async def test_a_call_without_an_answer_is_uncertain_and_not_repeated(
    switch_bench: SwitchBench,
) -> None:
    switch_bench.fall_silent()

    with pytest.raises(ActionUncertain) as uncertain:
        await switch_bench.switch.place(a_call())

    assert uncertain.value.maybe_executed
    assert switch_bench.reached() == ["attempt-1"]


async def test_without_a_link_no_call_is_placed(switch_bench: SwitchBench) -> None:
    await switch_bench.lose_link()
    assert not switch_bench.switch.can_place

    with pytest.raises(LinkDown) as down:
        await switch_bench.switch.place(a_call())

    assert not down.value.maybe_executed
    assert switch_bench.reached() == []


async def test_a_lost_link_is_told_and_its_return_begins_with_a_snapshot(
    switch_bench: SwitchBench,
) -> None:
    told = switch_bench.switch.facts()
    await switch_bench.lose_link()
    lost = await anext(told)
    await switch_bench.find_link()
    snapshot = await anext(told)

    assert (type(lost), type(snapshot)) == (f.LinkLost, f.SnapshotTaken)
    assert switch_bench.switch.can_place


async def test_facts_come_in_the_order_in_which_they_happened(switch_bench: SwitchBench) -> None:
    switch_bench.end("a", "b", "c")
    told = switch_bench.switch.facts()

    ended = [await anext(told) for _ in range(3)]

    assert [fact.channel for fact in ended if isinstance(fact, f.ChannelEnded)] == ["a", "b", "c"]


async def test_what_is_so_already_counts_as_done(switch_bench: SwitchBench) -> None:
    switch_bench.seat_everybody()

    await switch_bench.switch.send(SignInAgent(AGENT, QUEUE, "Li"))

    assert switch_bench.taken() == 1
