"""Everything that dials through one Asterisk. Several lanes share one database and nothing else.

A campaign is dialled where its trunk is: `[ami.others.NAME] trunks` names those of another
Asterisk, all the rest are at the one of `ami.url`. Each lane has its own link, floor, dialer and
roster, so one Asterisk that dies stops its own campaigns and disturbs no other.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ami_bridge.switch import AsteriskSwitch
from calls.campaign import Campaign
from calls.commands import Command, EndCall, JoinCall
from calls.facts import Fact
from calls.ids import CallId, CampaignName, QueueName
from calls.pace_reason import CampaignPace
from cli.supervision import Supervisor
from dialer.asked_ports import AskedCalls, Callbacks, SeatPauses
from dialer.caller_id_desk import CallerIdDesk
from dialer.calling_profiles import Profile
from dialer.live_floor import LiveFloor
from dialer.loop import Dialer, Holidays
from dialer.manual import ManualDialer
from dialer.own_calls import OwnCalls
from dialer.pace_journals import PaceJournals
from dialer.ports import Abandonments, Attempts, Clock, Records, SeatWish, Wishes
from dialer.rescuer import Rescuer
from dialer.roster import Roster
from dialer.rule_book import RuleBook
from dialer.settler import Settler

Holds = Callable[[str], bool]
"""Tells whether a trunk is at this Asterisk."""


class SwitchPort:
    """Fits `dialer.ports.Switch`: AsteriskSwitch, whose `facts` end only when it is closed."""

    def __init__(self, switch: AsteriskSwitch) -> None:
        self.place = switch.place
        self.send = switch.send
        self._switch = switch

    @property
    def can_place(self) -> bool:
        """Whether both logins are ready."""
        return self._switch.health.connected

    def facts(self) -> AsyncIterator[Fact]:
        """Yield every fact in Asterisk's order."""
        return self._switch.facts()


class SeatsHere:
    """Fits `dialer.ports.Wishes` for the roster of one Asterisk: only seats that belong there."""

    def __init__(self, wishes: Wishes, holds: Holds) -> None:
        self._wishes = wishes
        self._holds = holds
        self.campaigns = wishes.campaigns

    async def seats(self) -> Sequence[SeatWish]:
        """Return the seats whose queue is here."""
        homes = homes_of(await self._wishes.campaigns())
        seats = await self._wishes.seats()
        return [seat for seat in seats if self._holds(homes.get(seat.queue or QueueName(""), ""))]


def homes_of(campaigns: Iterable[Campaign]) -> dict[QueueName, str]:
    """Return for each queue the trunk that says at which Asterisk it is: its first campaign's.

    A phone is registered at one Asterisk, so a queue is at one, too.
    """
    newest_first = sorted(campaigns, key=lambda campaign: campaign.campaign_id, reverse=True)
    return {campaign.queue: campaign.trunk for campaign in newest_first}


@dataclass(frozen=True, slots=True)
class Shared:
    """What every lane stands on: the database's ports, the law and the clock."""

    attempts: Attempts
    wishes: Wishes
    pauses: SeatPauses
    asked: AskedCalls
    callbacks: Callbacks
    records: Records
    abandonments: Abandonments | None
    clock: Clock
    holidays: Holidays
    find_pack: Callable[[str], Profile | None]
    journals: PaceJournals
    rule_book: RuleBook
    caller_ids: CallerIdDesk


class Lane:
    """The dialer of one Asterisk with its floor, settler, rescuer and roster."""

    def __init__(self, switch: AsteriskSwitch, live: LiveFloor, shared: Shared, holds: Holds):
        port, clock = SwitchPort(switch), shared.clock
        self.switch = switch
        self.live = live
        self.settler = Settler(shared.attempts, clock)
        self.dialer = Dialer(
            port,
            shared.attempts,
            shared.wishes,
            live,
            self.settler,
            clock,
            shared.holidays,
            shared.abandonments,
            shared.find_pack,
            shared.journals,
            holds,
            shared.caller_ids,
        )
        self.rescuer = Rescuer(self.dialer.state, live, shared.records, self.settler, clock)
        self.manual = ManualDialer(self.dialer, shared.asked, shared.rule_book, port, live, clock)
        self.own_calls = OwnCalls(
            self.dialer, self.manual, shared.asked, shared.callbacks, shared.attempts,
            shared.rule_book, shared.pauses, live, clock,
        )  # fmt: skip
        seats = SeatsHere(shared.wishes, holds)
        self.roster = Roster(seats, port, live, clock, self.own_calls.withheld)

    def start(self, parts: Supervisor, name: str = "") -> None:
        """Run all of it but the facts."""
        suffix = f" {name}" if name else ""
        parts.start(f"settler{suffix}", self.settler.run())
        parts.start(f"dialer{suffix}", self.dialer.tick_for_ever())
        parts.start(f"rescue{suffix}", self.rescuer.run())
        parts.start(f"roster{suffix}", self.roster.run())


class Lanes:
    """All lanes together, for the pages and the records. The first is the one of `ami.url`."""

    def __init__(self, lanes: Sequence[Lane]) -> None:
        self.all = tuple(lanes)

    def of(self, campaign: CampaignName) -> Lane:
        """Return the lane that dials the campaign."""
        dialling = (lane for lane in self.all if campaign in lane.dialer.state.campaigns)
        return next(dialling, self.all[0])

    def pace(self, campaign: CampaignName) -> CampaignPace | None:
        """Return how the campaign is dialled, None while nothing decides it."""
        return self.of(campaign).dialer.state.paces.get(campaign)

    async def send(self, command: Command) -> None:
        """Carry out a command of the pages where the call or the agent is; raises SwitchError."""
        for lane in self._addressed(command):
            await lane.switch.send(command)

    def _addressed(self, command: Command) -> Sequence[Lane]:
        if isinstance(command, JoinCall):
            seated = [one for one in self.all if one.live.floor.seats.get(command.agent)]
            return (seated or self.all)[:1]
        if isinstance(command, EndCall):
            known = [one for one in self.all if one.live.floor.call(CallId(command.channel))]
            # A leg that no floor counts as a call; where it is not, ending it is done already.
            return known or [one for one in self.all if one.switch.health.connected] or self.all[:1]
        return self.all[:1]

    def live_calls(self) -> frozenset[str] | None:
        """Return the calls that are live at any Asterisk; None while one of them cannot say."""
        floors = [lane.live.floor for lane in self.all]
        if not all(floor.is_known for floor in floors):
            return None
        return frozenset(call.call for floor in floors for call in floor.calls)

    def link_lost_at(self) -> datetime | None:
        """Return when a link was last lost."""
        return max((one.live.lost_at for one in self.all if one.live.lost_at), default=None)
