"""What every adapter of `dialer.asked_ports` promises."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from calls.attempt import LeadOutcome, PlannedAttempt, Settlement, Verdict
from calls.campaign import Campaign, DialOrder
from calls.ids import AgentId, AttemptId, LeadId
from calls.outcomes import NetworkResult
from calls.preview import Preview
from dialer.why import Answer
from store.lead_looks import LeadLook
from tests.contract.asked_desks import AskedDesk
from tests.contract.test_attempts import number
from tests.fakes.clock import T0

SHANGHAI = "Asia/Shanghai"
LI, WANG = AgentId("agent-1001"), AgentId("agent-1002")
ALLOWED = Answer(True, "always-1/allowed", "", None)
NO = Answer(False, "always-1/hours", "too early", None)
YES = Verdict(True, "allowed", "", None, is_final=False)
LATER = T0 + timedelta(minutes=20)


async def with_leads(desk: AskedDesk, count: int) -> Campaign:
    campaign = await desk.add_campaign("spring")
    for n in range(count):
        await desk.add_lead(campaign, number(n), SHANGHAI)
    return campaign


async def ask(
    desk: AskedDesk, campaign: Campaign, lead: LeadId, agent: AgentId = LI,
    preview: AttemptId | None = None,
) -> PlannedAttempt | Answer | None:  # fmt: skip
    def judge(look: LeadLook) -> Answer:
        return ALLOWED if look.status == "ready" else replace(NO, rule=f"list/{look.status}")

    return await desk.calls.plan(campaign, lead, agent, T0, judge, preview)


async def show(desk: AskedDesk, campaign: Campaign, agent: AgentId = LI) -> Preview | None:
    return await desk.calls.show(campaign, [SHANGHAI], agent, T0, lambda lead: YES)


async def settle(desk: AskedDesk, attempt: AttemptId, by: str = "floor", **changes: object) -> None:
    end = Settlement(attempt, by, NetworkResult.BUSY, T0)
    outcome = LeadOutcome("scheduled", LATER, None, uses_up_try=True)
    end = replace(end, **changes)  # type: ignore[arg-type] # what a test says of it
    assert await desk.attempts.settle(end, T0, lambda history: outcome)


async def test_an_asked_call_is_an_open_attempt_that_names_who_asked(
    asked_desk: AskedDesk,
) -> None:
    campaign = await with_leads(asked_desk, 1)
    lead = await asked_desk.lead_of(number(0))

    planned = await ask(asked_desk, campaign, lead)

    assert isinstance(planned, PlannedAttempt)
    told = (planned.asked_by, planned.number, planned.order, planned.lead)
    assert told == (LI, number(0), DialOrder.AGENT_FIRST, lead)
    (open_one,) = await asked_desk.attempts.open_attempts()
    assert (open_one.attempt, open_one.asked_by) == (planned.attempt, LI)


async def test_an_asked_call_shows_the_number_that_was_chosen_for_it(asked_desk: AskedDesk) -> None:
    campaign = await with_leads(asked_desk, 1)
    lead = await asked_desk.lead_of(number(0))

    planned = await asked_desk.calls.plan(
        campaign, lead, LI, T0, lambda look: ALLOWED, None, lambda customer: f"+86{customer[-4:]}"
    )

    assert isinstance(planned, PlannedAttempt)
    (saved,) = await asked_desk.attempts.open_attempts()
    assert planned.caller_id == saved.caller_id == f"+86{number(0)[-4:]}"


async def test_what_the_judge_refuses_is_not_saved(asked_desk: AskedDesk) -> None:
    campaign = await with_leads(asked_desk, 1)
    lead = await asked_desk.lead_of(number(0))

    told = await asked_desk.calls.plan(campaign, lead, LI, T0, lambda look: NO)

    assert told == NO
    assert await asked_desk.attempts.open_attempts() == []


async def test_one_lead_asked_for_by_two_at_once_is_dialled_once(asked_desk: AskedDesk) -> None:
    campaign = await with_leads(asked_desk, 1)
    lead = await asked_desk.lead_of(number(0))

    told = await asyncio.gather(*(ask(asked_desk, campaign, lead, one) for one in (LI, WANG)))

    assert sum(isinstance(one, PlannedAttempt) for one in told) == 1
    assert [one.rule for one in told if isinstance(one, Answer)] == ["list/leased"]


async def test_a_lead_of_another_campaign_is_none_of_its(asked_desk: AskedDesk) -> None:
    campaign = await with_leads(asked_desk, 1)
    lead = await asked_desk.lead_of(number(0))
    other = await asked_desk.add_campaign("autumn")
    assert await ask(asked_desk, other, lead) is None
    assert await ask(asked_desk, campaign, LeadId(10**9)) is None


async def test_a_shown_lead_is_leased_to_one_agent(asked_desk: AskedDesk) -> None:
    campaign = await with_leads(asked_desk, 1)

    shown = await show(asked_desk, campaign)

    assert shown is not None
    assert (shown.agent, shown.decide_by) == (LI, T0 + timedelta(seconds=60))
    assert await show(asked_desk, campaign, WANG) is None
    assert await asked_desk.calls.previews() == [shown]
    told = await ask(asked_desk, campaign, shown.lead, WANG)
    assert isinstance(told, Answer)
    assert told.rule == "list/leased"


async def test_a_shown_lead_is_dialled_by_the_leases_own_id_and_once(
    asked_desk: AskedDesk,
) -> None:
    campaign = await with_leads(asked_desk, 1)
    shown = await show(asked_desk, campaign)
    assert shown is not None

    planned = await ask(asked_desk, campaign, shown.lead, preview=shown.preview)

    assert isinstance(planned, PlannedAttempt)
    assert planned.attempt == shown.preview
    assert await asked_desk.calls.previews() == []
    assert await asked_desk.calls.give_back(shown.preview, T0) is False
    assert await ask(asked_desk, campaign, shown.lead, preview=shown.preview) is None
    assert len(await asked_desk.attempts.open_attempts()) == 1


async def test_a_lead_given_back_waits_and_can_be_shown_again(asked_desk: AskedDesk) -> None:
    campaign = await with_leads(asked_desk, 1)
    shown = await show(asked_desk, campaign)
    assert shown is not None

    assert await asked_desk.calls.give_back(shown.preview, T0) is True

    assert await show(asked_desk, campaign) is None  # scheduled, until it is looked at
    await asked_desk.attempts.promote(campaign, T0)
    again = await show(asked_desk, campaign, WANG)
    assert again is not None
    assert again.lead == shown.lead
    assert again.preview != shown.preview


async def test_skips_are_counted_in_a_row(asked_desk: AskedDesk) -> None:
    campaign = await with_leads(asked_desk, 3)
    for _ in range(2):
        shown = await show(asked_desk, campaign)
        assert shown is not None
        await asked_desk.calls.give_back(shown.preview, LATER, is_skipped=True)
    assert await asked_desk.calls.skips(LI, campaign) == 2
    assert await asked_desk.calls.skips(WANG, campaign) == 0

    shown = await show(asked_desk, campaign)
    assert shown is not None
    await ask(asked_desk, campaign, shown.lead, preview=shown.preview)

    assert await asked_desk.calls.skips(LI, campaign) == 0


async def test_the_dialer_leaves_a_promised_lead_alone(asked_desk: AskedDesk) -> None:
    campaign = await with_leads(asked_desk, 1)
    lead = await asked_desk.lead_of(number(0))
    await asked_desk.promise(campaign, lead, LI, T0)

    await asked_desk.attempts.promote(campaign, LATER)

    assert await asked_desk.attempts.zones(campaign) == []
    (due,) = await asked_desk.callbacks.due(T0)
    assert (due.lead, due.agent, due.due_at, due.is_missed) == (lead, LI, T0, False)
    assert await asked_desk.callbacks.due(T0 - timedelta(seconds=1)) == []


async def test_a_promise_is_missed_once(asked_desk: AskedDesk) -> None:
    campaign = await with_leads(asked_desk, 1)
    await asked_desk.promise(campaign, await asked_desk.lead_of(number(0)), None, T0)
    (due,) = await asked_desk.callbacks.due(T0)

    assert await asked_desk.callbacks.miss([due.callback], T0) == 1
    assert await asked_desk.callbacks.miss([due.callback], T0) == 0

    (due,) = await asked_desk.callbacks.due(T0)
    assert due.is_missed


async def promised_call(desk: AskedDesk) -> PlannedAttempt:
    campaign = await with_leads(desk, 1)
    lead = await desk.lead_of(number(0))
    await desk.promise(campaign, lead, LI, T0)
    planned = await desk.calls.plan(campaign, lead, LI, T0, lambda look: ALLOWED)
    assert isinstance(planned, PlannedAttempt)
    assert await desk.callbacks.due(LATER) == []  # it is under way
    return planned


async def test_a_promise_is_kept_when_the_customer_has_answered(asked_desk: AskedDesk) -> None:
    planned = await promised_call(asked_desk)
    await settle(asked_desk, planned.attempt, result=NetworkResult.ANSWERED, answered_at=T0)
    assert await asked_desk.callbacks.due(LATER) == []


@pytest.mark.parametrize(
    ("by", "due_at"), [("floor", LATER), ("never_sent", T0 + timedelta(minutes=1))]
)
async def test_a_promise_stays_open_until_the_customer_answers(
    asked_desk: AskedDesk, by: str, due_at: datetime
) -> None:
    planned = await promised_call(asked_desk)
    await settle(asked_desk, planned.attempt, by)
    (due,) = await asked_desk.callbacks.due(LATER)
    assert due.agent == LI
    assert due.due_at - due_at < timedelta(seconds=1)
