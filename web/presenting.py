"""From the floor's values to what goes over the wire; here every number is masked."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from calls.agent_state import AgentState
from calls.call_state import CallState
from calls.live import AgentChanged, CallChanged, Change, LiveAgent, LiveCall
from calls.pace_reason import PaceReason
from reports.definitions import Definition
from web import schemas
from web.masking import mask_number
from web.ports import AgentDay, CampaignCounters, CampaignOutlook, CampaignSteering, FloorView


def present_call(call: LiveCall) -> schemas.CallView:
    """Show one call, its number masked."""
    return schemas.CallView(
        call=call.call,
        state=call.state,
        since=call.since,
        number=mask_number(call.number),
        campaign=call.campaign,
        agent=call.agent,
    )


def present_agent(agent: LiveAgent) -> schemas.AgentView:
    """Show one seat."""
    return schemas.AgentView(
        agent=agent.agent,
        name=agent.name or agent.agent,
        state=agent.state,
        since=agent.since,
        pause_reason=agent.pause_reason,
        wants_pause=agent.wants_pause,
        reachable=agent.reachable,
        call=agent.call,
        calls=agent.calls,
    )


def present_floor(view: FloorView) -> schemas.Floor:
    """Show the whole floor."""
    return schemas.Floor(
        at=view.at,
        unknown_because=view.unknown_because,
        calls=[present_call(call) for call in view.calls],
        agents=[present_agent(agent) for agent in view.agents],
    )


def present_changes(changes: Iterable[Change], at: datetime) -> schemas.Changes:
    """Show what changed on a known floor; of each call and seat the last value counts."""
    calls: dict[str, LiveCall] = {}
    agents: dict[str, LiveAgent] = {}
    for change in changes:
        if isinstance(change, CallChanged):
            calls[change.call.call] = change.call
        elif isinstance(change, AgentChanged):
            agents[change.agent.agent] = change.agent
    return schemas.Changes(
        at=at,
        calls=[present_call(c) for c in calls.values() if c.state is not CallState.ENDED],
        agents=[present_agent(a) for a in agents.values() if a.state is not AgentState.LOGGED_OUT],
        ended_calls=[c.call for c in calls.values() if c.state is CallState.ENDED],
        gone_agents=[a.agent for a in agents.values() if a.state is AgentState.LOGGED_OUT],
    )


def present_campaign(counters: CampaignCounters) -> schemas.Campaign:
    """Show one campaign."""
    return schemas.Campaign(
        name=counters.name,
        status=counters.status,
        attempts=counters.attempts,
        answered=counters.answered,
        valid=counters.valid,
        effective=counters.effective,
        abandoned=counters.abandoned,
        leads_left=counters.leads_left,
        pace=counters.pace,
        because=counters.because,
        reason=_present_reason(counters.reason),
        steering=None if counters.steering is None else _present_steering(counters.steering),
        outlook=None if counters.outlook is None else _present_outlook(counters.outlook),
    )


def _present_steering(steering: CampaignSteering) -> schemas.Steering:
    return schemas.Steering(**asdict(steering))


def _present_outlook(outlook: CampaignOutlook) -> schemas.Outlook:
    return schemas.Outlook(
        answered=outlook.abandonment.answered,
        abandoned=outlook.abandonment.abandoned,
        cap_percent=round(100 * outlook.cap, 3),
        finish_at=outlook.finish_at,
    )


def _present_reason(reason: PaceReason | None) -> schemas.PaceReason | None:
    return None if reason is None else schemas.PaceReason(**asdict(reason))


def present_agent_day(row: AgentDay) -> schemas.AgentDayRow:
    """Show one agent's day."""
    return schemas.AgentDayRow(
        agent=row.agent,
        name=row.name,
        attempts=row.attempts,
        answered=row.answered,
        valid=row.valid,
        effective=row.effective,
        talk_seconds=row.talk.total_seconds(),
        effective_talk_seconds=row.effective_talk.total_seconds(),
    )


def present_total(rows: Sequence[AgentDay]) -> schemas.AgentDayRow:
    """Sum the rows exactly: durations are added before they become seconds."""
    return schemas.AgentDayRow(
        agent=None,
        name="",
        attempts=sum(row.attempts for row in rows),
        answered=sum(row.answered for row in rows),
        valid=sum(row.valid for row in rows),
        effective=sum(row.effective for row in rows),
        talk_seconds=sum((row.talk for row in rows), timedelta(0)).total_seconds(),
        effective_talk_seconds=sum(
            (row.effective_talk for row in rows), timedelta(0)
        ).total_seconds(),
    )


def present_definition(definition: Definition) -> schemas.MeasureDefinition:
    """Show what a measure means, under the name of its field."""
    with_unit = f"{definition.measure}_seconds"
    is_duration = with_unit in schemas.AgentDayRow.__struct_fields__
    return schemas.MeasureDefinition(
        measure=with_unit if is_duration else definition.measure,
        name_en=definition.name_en,
        name_zh=definition.name_zh,
        text_en=definition.text_en,
        text_zh=definition.text_zh,
    )
