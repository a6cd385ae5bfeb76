"""What the web side needs from the rest, as Protocols; the composition root brings them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from calls.abandonment import AbandonmentCount
from calls.campaign import CampaignStatus
from calls.commands import Command
from calls.ids import AgentId, CampaignName
from calls.live import Change, LiveAgent, LiveCall
from calls.pace_reason import PaceReason
from reports.definitions import Definition
from reports.tables import Table
from store.accounts import Account, Credentials, ListedAccount, OpenSession, SecondFactor
from store.audit import Act, AuditLine
from store.call_list import CallFilter, CallKey, CallLine
from store.campaigns import CampaignChange
from store.lines import CallerIdSum, TrunkSum
from store.organisations import Owners
from store.pictures import CampaignSum, HourCell, PictureWish, RegionSum, TalkBin
from store.recordings import Access, RecordedCall
from store.report_rows import AgentRegionRow
from store.scripts import SavedScript, ScriptText
from store.sums import By
from web.desk_ports import DeskPort, DialingPort, Phones, SeatsPort


class Accounts(Protocol):
    """Accounts and sessions; `store.accounts.AccountStore` is one."""

    async def credentials(self, login: str) -> Credentials | None:
        """Return what a sign-in is checked against, None if there is no such login."""

    async def add(self, account: Account, password_hash: str) -> None:
        """Save a new account; raises LoginTaken or LoginRefused."""

    async def list(self) -> "list[ListedAccount]":
        """Return every account, by login."""

    async def set_password(self, login: str, password_hash: str) -> None:
        """Replace the password and revoke every session."""

    async def open_session(
        self, token_hash: bytes, login: str, seconds: float, address: str = "", browser: str = ""
    ) -> None:
        """Save a session that lasts `seconds`."""

    async def sessions(self, login: str) -> Sequence[OpenSession]:
        """Return the open sessions of a login, newest first."""

    async def close_session_by_id(self, login: str, session_id: str) -> bool:
        """Revoke one session of a login; False if there is no such session."""

    async def close_sessions(self, login: str) -> int:
        """Revoke every session of a login; return how many there were."""

    async def second_factor(self, login: str) -> SecondFactor:
        """Return the second factor of a login."""

    async def propose_second_factor(self, login: str, secret: str) -> bool:
        """Keep a secret until its first code is shown; False where one is in use."""

    async def adopt_second_factor(self, login: str, secret: str) -> bool:
        """Ask for this pending secret from now on; False if it is not pending any more."""

    async def drop_second_factor(self, login: str) -> None:
        """Ask for the password alone again."""

    async def use_step(self, login: str, step: int) -> bool:
        """Note that the code of a time step was used; False if it, or a newer one, was before."""

    async def session(self, token_hash: bytes) -> Account | None:
        """Return whose session this is; None if it is unknown, revoked or expired."""

    async def close_session(self, token_hash: bytes) -> None:
        """Revoke one session."""


class Audit(Protocol):
    """The audit log; `store.audit.AuditStore` is one."""

    async def begin(self, act: Act) -> int:
        """Write an act down before it is done; return the line's id."""

    async def finish(self, audit_id: int, status: int) -> None:
        """Write down what came of it."""

    async def list(self, organisation: str, before: int, limit: int) -> "list[AuditLine]":
        """Return the newest lines of an organisation before an id."""


class OwnersPort(Protocol):
    """Who owns what; `store.organisations.OrganisationStore` is one."""

    async def owners(self) -> Owners:
        """Return who owns every campaign and agent."""


@dataclass(frozen=True, slots=True)
class FloorView:
    """The whole floor at one moment. unknown_because: empty while the floor is known."""

    at: datetime
    unknown_because: str
    calls: Sequence[LiveCall]
    agents: Sequence[LiveAgent]


class FloorOverrun(Exception):
    """The reader of a feed was too slow and has lost changes; only a new view helps."""


class FloorPort(Protocol):
    """The live floor; `web.floor_feed.FloorFeed` is one."""

    def view(self) -> FloorView:
        """Return the whole floor as it is now."""

    def subscribe(self) -> AbstractContextManager[AsyncIterator[Sequence[Change]]]:
        """Begin to gather changes at once; each item is all that changed since the last.

        Only the last value of a call or seat may be kept. Raises FloorOverrun to a slow reader.
        """


@dataclass(frozen=True, slots=True)
class CampaignSteering:
    """How a campaign is dialled, as its pages may change it. ratio: lines for each free agent."""

    mode: str
    ratio: float | None
    max_lines: int
    priority: int
    queue: str


@dataclass(frozen=True, slots=True)
class CampaignOutlook:
    """What a campaign comes to. abandonment: of the worst of the law's windows; cap: its share.

    finish_at: when the list ends if it goes on as in the last hour; None: nobody can say.
    """

    abandonment: AbandonmentCount
    cap: float
    finish_at: datetime | None


class SteeringRefused(ValueError):
    """A campaign cannot be dialled like this; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class CampaignCounters:
    """One campaign, and its counters since the day began in the organisation's time zone.

    pace: calls that would be placed now, None while nothing decides it; because: in words, why;
    reason: the same for pages in any language, None with the pace. outlook: None until it is read.
    """

    name: CampaignName
    status: CampaignStatus
    attempts: int
    answered: int
    valid: int
    effective: int
    abandoned: int
    leads_left: int
    pace: int | None
    because: str
    reason: PaceReason | None = None
    steering: CampaignSteering | None = None
    outlook: CampaignOutlook | None = None


class Campaigns(Protocol):
    """Campaigns as the pages see and steer them."""

    async def counters(self) -> Sequence[CampaignCounters]:
        """Return every campaign, by name."""

    async def set_status(
        self, name: CampaignName, status: CampaignStatus, *, by: str
    ) -> CampaignCounters | None:
        """Start, pause or stop; return the campaign after it, None if there is no such name.

        by: login of who asked for it.
        """

    async def change(
        self, name: CampaignName, change: CampaignChange, *, by: str
    ) -> CampaignCounters | None:
        """Change how it is dialled; None if there is no such name. Raises SteeringRefused."""


class Lines(Protocol):
    """How trunks and caller IDs do."""

    async def sums(self) -> tuple[Sequence[CallerIdSum], Sequence[TrunkSum]]:
        """Return each caller ID and trunk of today, by campaign."""


@dataclass(frozen=True, slots=True)
class AgentDay:
    """One agent's figures of one day. agent: None for calls that no agent ever had.

    name: as shown to people.
    """

    agent: AgentId | None
    name: str
    attempts: int
    answered: int
    valid: int
    effective: int
    talk: timedelta
    effective_talk: timedelta


class Reports(Protocol):
    """The reports that the pages show."""

    async def agent_regions(self, day: date, agents: Sequence[AgentId]) -> Sequence[AgentRegionRow]:
        """Return these agents' figures of that day by region, the busiest region first."""

    async def agent_day(self, day: date, agent: AgentId | None) -> Sequence[AgentDay]:
        """Return each agent's row of that day, or only the one agent's."""

    async def table(
        self,
        by: By,
        first: date,
        last: date,
        *,
        campaigns: Sequence[str] | None,
        key: str | None,
        with_adjustments: bool,
    ) -> Table:
        """Return the sums of these days, both included, over these campaigns (None: all)."""

    @property
    def zone(self) -> str:
        """IANA name of the organisation's time zone."""

    def today(self) -> date:
        """Return the organisation's day now."""

    def definitions(self) -> Sequence[Definition]:
        """Return the definition of every measure of the report, in its order."""


@dataclass(frozen=True, slots=True)
class HealthItem:
    """One part of the service. detail: what is wrong and how to mend it, empty if ok."""

    name: str
    ok: bool
    detail: str = ""


class Health(Protocol):
    """Whether the parts that a call floor needs are there."""

    async def check(self) -> Sequence[HealthItem]:
        """Return every part; the service is ready when all are ok."""


class PicturesPort(Protocol):
    """What reports with pictures are made of; `store.pictures.PictureStore` is one."""

    async def hours(self, wish: PictureWish) -> Sequence[HourCell]:
        """Return the cells that had calls."""

    async def talks(self, wish: PictureWish) -> Sequence[TalkBin]:
        """Return the bins that had calls."""

    async def campaigns(self, wish: PictureWish) -> Sequence[CampaignSum]:
        """Return the sums by campaign."""

    async def regions(self, wish: PictureWish) -> Sequence[RegionSum]:
        """Return the sums by region."""


class CallListPort(Protocol):
    """The outbound list; `store.call_list.CallListStore` is one."""

    async def page(
        self, wish: PictureWish, chosen: CallFilter, limit: int, after: CallKey | None = None
    ) -> Sequence[CallLine]:
        """Return the next calls after that place, newest first."""

    async def count(self, wish: PictureWish, chosen: CallFilter) -> int:
        """Return how many calls match."""


class RecordingsPort(Protocol):
    """The calls' recordings; `store.recordings.RecordingStore` is one."""

    async def find(self, call_id: str) -> RecordedCall | None:
        """Return a call and its file, None if there is no such call."""

    async def log(self, call_id: str, login: str, what: Access) -> None:
        """Write down who does what with a recording, before it is done."""


class ScriptsPort(Protocol):
    """What agents say; `store.scripts.ScriptStore` is one."""

    async def of_campaign(self, campaign: str) -> Sequence[SavedScript]:
        """Return the campaign's script in every language that it has."""

    async def save(self, campaign: str, text: ScriptText, by: str) -> bool:
        """Save a script in its language; False if there is no such campaign."""


@dataclass(frozen=True, slots=True)
class WhyRow:
    """One answer of "why is it not dialling?". allowed: yes, no, or `ask one` for many leads.

    rule: the law pack's or the list's; until: when the answer changes by itself.
    """

    campaign: str
    what: str
    allowed: str
    rule: str
    until: datetime | None
    reason: str


class Why(Protocol):
    """Answers from the same functions by which the dialer judges."""

    async def campaign(self, name: str) -> Sequence[WhyRow]:
        """Return what holds a campaign and its leads, empty if there is no such campaign."""

    async def lead(self, text: str) -> Sequence[WhyRow]:
        """Return the answer for each lead of that id or number, empty if there is none."""


class SwitchPort(Protocol):
    """What carries out a supervisor's acts."""

    async def send(self, command: Command) -> None:
        """Carry out one command; raises SwitchError."""


@dataclass(frozen=True, slots=True)
class WebServices:
    """Everything that the web side stands on."""

    accounts: Accounts
    floor: FloorPort
    campaigns: Campaigns
    reports: Reports
    health: Health
    audit: Audit
    owners: OwnersPort
    seats: SeatsPort
    desk: DeskPort
    phones: Phones
    switch: SwitchPort
    pictures: PicturesPort
    why: Why
    dialing: DialingPort
    lines: Lines
    recordings: RecordingsPort
    call_list: CallListPort
    scripts: ScriptsPort
