"""Seats, desks, phones and the switch of the web side, in memory."""

from collections.abc import Sequence
from datetime import datetime

from calls.commands import Command
from calls.ids import AgentId, QueueName
from store.campaigns import UnknownAgent
from store.desk import LeadCard, Targets, WrapUp
from store.phones import Phone
from store.scripts import SavedScript, ScriptText
from tests.fakes.web_accounts import EPOCH


class MemorySeats:
    """Wishes in a list."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str | None]] = []
        self.known = True

    async def queues(self, organisation: str) -> Sequence[str]:
        """Return one."""
        return ["callfloor"]

    async def sign_in(self, agent: AgentId, queue: QueueName) -> None:
        """Keep the wish."""
        self.asked.append(("sign_in", agent, queue))

    async def move(self, agent: AgentId, queue: QueueName) -> None:
        """Keep the wish."""
        if not self.known:
            raise UnknownAgent(f"agent {agent} is not signed in")
        self.asked.append(("move", agent, queue))

    async def sign_out(self, agent: AgentId) -> None:
        """Keep the wish."""
        self.asked.append(("sign_out", agent, None))

    async def pause(self, agent: AgentId, reason: str | None) -> None:
        """Keep the wish."""
        if not self.known:
            raise UnknownAgent(f"agent {agent} is not signed in")
        self.asked.append(("pause", agent, reason))


class MemoryDesk:
    """Leads and results in memory."""

    def __init__(self) -> None:
        self.cards: dict[str, LeadCard] = {}
        self.saved: list[WrapUp] = []
        self.unsaved: str | None = None
        self.agents: dict[str, str] = {}

    async def lead_card(self, call_id: str) -> LeadCard | None:
        """Return the card that was put there."""
        return self.cards.get(call_id)

    async def last_unsaved_call(self, agent: str, since: datetime) -> str | None:
        """Return what was set."""
        return self.unsaved

    async def agent_of_call(self, call_id: str) -> str | None:
        """Return what was set."""
        return self.agents.get(call_id)

    async def save(self, wrap_up: WrapUp) -> None:
        """Keep it."""
        self.saved.append(wrap_up)

    async def targets(self, organisation: str) -> Targets:
        """Return the same for all."""
        return Targets(200, 20, 7200)


class MemoryScripts:
    """Scripts of the campaign spring."""

    def __init__(self) -> None:
        self.by_language: dict[str, SavedScript] = {}

    async def of_campaign(self, campaign: str) -> Sequence[SavedScript]:
        """Return what was saved."""
        return list(self.by_language.values()) if campaign == "spring" else []

    async def save(self, campaign: str, text: ScriptText, by: str) -> bool:
        """Keep it."""
        if campaign != "spring":
            return False
        self.by_language[text.language] = SavedScript(text, EPOCH, by)
        return True


class MemoryPhones:
    """Accounts that Asterisk would know."""

    def __init__(self) -> None:
        self.phones: dict[str, Phone] = {}
        self.failure: Exception | None = None

    async def add(self, endpoint: str, name: str, organisation: str) -> Phone:
        """Make one."""
        if self.failure is not None:
            raise self.failure
        return self.phones.setdefault(endpoint, Phone(endpoint, name, "s" * 32))

    async def find(self, endpoint: str) -> Phone | None:
        """Return it."""
        return self.phones.get(endpoint)


class ActSwitch:
    """Keeps what was to be done."""

    def __init__(self) -> None:
        self.sent: list[Command] = []
        self.failure: Exception | None = None

    async def send(self, command: Command) -> None:
        """Keep it."""
        if self.failure is not None:
            raise self.failure
        self.sent.append(command)
