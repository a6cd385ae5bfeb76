"""A busy floor for the picture in the README: sixteen agents, some thirty calls, two lists."""

from dataclasses import replace
from datetime import datetime, timedelta

from calls import facts
from calls.campaign import CampaignStatus
from calls.ids import AgentId, BridgeId, CallId, CampaignName, ChannelId
from tests.fakes.web_figures import MemoryCampaigns, counters
from tests.fakes.web_services import QUEUE, ScriptedFloor, now
from web.ports import CampaignCounters

NAMES = (
    "Li Wei", "Wang Fang", "Zhang Min", "Liu Yang", "Chen Jing", "Yang Lei", "Zhao Xia",
    "Huang Qiang", "Zhou Ting", "Wu Jun", "Xu Na", "Sun Peng", "Ma Li", "Zhu Hong", "Hu Bin",
    "Guo Yan",
)  # fmt: skip
PREFIXES = ("139", "138", "186", "135", "177", "150", "189", "133")
TALK_SECONDS = (412, 187, 95, 28, 241, 63, 9)


def _number(index: int) -> str:
    return f"+86{PREFIXES[index % len(PREFIXES)]}{(index * 7_654_321 + 1_234_567) % 10**8:08d}"


def _campaign(index: int) -> str:
    return "autumn-fasteners" if index % 3 else "packaging-east"


def _ago(seconds: float, at: datetime) -> datetime:
    return at - timedelta(seconds=seconds)


def talk(floor: ScriptedFloor, agent: AgentId, call: str, began: datetime) -> None:
    """Let a planned call ring, be answered, and reach the agent."""
    channel, bridge = ChannelId(call), BridgeId(f"bridge-{call}")
    leg = ChannelId(f"{call}-agent")
    floor.apply(
        facts.ChannelRang(_ago(12, began), channel),
        facts.ChannelAnswered(_ago(2, began), channel),
        facts.AgentOffered(_ago(2, began), agent, channel, QUEUE),
        facts.ChannelStarted(_ago(2, began), leg, CallId(call), agent, ""),
        facts.AgentConnected(began, agent, channel, QUEUE),
        facts.BridgeEntered(began, channel, bridge),
        facts.BridgeEntered(began, leg, bridge),
    )


def _seat_agents(floor: ScriptedFloor, at: datetime) -> list[AgentId]:
    agents = [AgentId(f"agent-{1001 + index}") for index in range(len(NAMES))]
    for index, (agent, name) in enumerate(zip(agents, NAMES, strict=True)):
        floor.sign_in(agent, name, _ago(20 + 37 * (index % 5), at))
    return agents


def _finish_talks(floor: ScriptedFloor, agents: list[AgentId], at: datetime) -> None:
    """Let every agent have had some calls, so that the counts look like an afternoon."""
    for index, agent in enumerate(agents):
        for turn in range(3 + (index * 5) % 7):
            call, began = f"before-{index}-{turn}", _ago(3000 - 100 * turn, at)
            floor.plan(call, _number(index), _campaign(index), _ago(20, began))
            talk(floor, agent, call, began)
            floor.apply(
                facts.ChannelEnded(_ago(-60, began), ChannelId(call), 16),
                facts.ClockTicked(_ago(-90, began)),
            )


def fill(floor: ScriptedFloor, campaigns: MemoryCampaigns) -> None:
    """Make the floor as it is in the middle of an afternoon."""
    at = now()
    agents = _seat_agents(floor, _ago(3600, at))
    _finish_talks(floor, agents, at)
    for index, seconds in enumerate(TALK_SECONDS):
        floor.plan(f"talk-{index}", _number(index), _campaign(index), _ago(seconds + 20, at))
        talk(floor, agents[index], f"talk-{index}", _ago(seconds, at))
    _ring_agent(floor, agents[7], at)
    _rest(floor, agents, at)
    for index in range(9):
        call = f"new-{index}"
        floor.plan(call, _number(20 + index), _campaign(index), _ago(3 + 2 * index, at))
        if index > 2:
            floor.apply(facts.ChannelRang(_ago(1.5 * index, at), ChannelId(call)))
    campaigns.by_name = {c.name: c for c in _counters()}


def _ring_agent(floor: ScriptedFloor, agent: AgentId, at: datetime) -> None:
    floor.plan("ringing", _number(8), _campaign(1), _ago(14, at))
    floor.apply(
        facts.ChannelAnswered(_ago(1, at), ChannelId("ringing")),
        facts.AgentOffered(_ago(1, at), agent, ChannelId("ringing"), QUEUE),
    )


def _rest(floor: ScriptedFloor, agents: list[AgentId], at: datetime) -> None:
    """Two pause, one is in wrap-up, one phone is away; the others are ready."""
    floor.apply(facts.AgentPaused(_ago(1130, at), agents[9], QUEUE, True, "training"))
    floor.apply(facts.AgentPaused(_ago(240, at), agents[13], QUEUE, True, "break"))
    floor.apply(facts.AgentPhoneChanged(_ago(75, at), agents[15], QUEUE, False))
    floor.apply(facts.AgentPaused(_ago(30, at), agents[2], QUEUE, True, "lunch"))
    floor.plan("done", _number(11), _campaign(2), _ago(120, at))
    talk(floor, agents[11], "done", _ago(100, at))
    floor.apply(facts.ChannelEnded(_ago(6, at), ChannelId("done"), 16))


def _counters() -> list[CampaignCounters]:
    base = counters("autumn-fasteners", CampaignStatus.RUNNING)
    return [
        replace(
            base, attempts=1486, answered=611, valid=502, effective=118, abandoned=6,
            leads_left=8243, pace=5, because="4 agents are ready, 9 of 14 lines are in flight",
        ),
        replace(
            base, name=CampaignName("packaging-east"), attempts=742, answered=288, valid=231,
            effective=47, abandoned=2, leads_left=3120, pace=2,
            because="4 agents are ready, abandoned 0.7 % of 3 % allowed",
        ),
        replace(
            base, name=CampaignName("spring-packaging"), status=CampaignStatus.PAUSED, attempts=320,
            answered=131, valid=104, effective=22, abandoned=0, leads_left=1975, pace=0,
            because="paused by a supervisor",
        ),
    ]  # fmt: skip
