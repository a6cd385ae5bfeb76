"""Who sees what of whom: an organisation its own, a client only the campaigns granted to it."""

import time
from collections.abc import Callable
from dataclasses import replace

from calls.live import AgentChanged, CallChanged, Change, LiveCall
from config.timeouts import OWNERS_FRESH_SECONDS
from store.accounts import MAIN_ORGANISATION, Account, Role
from store.organisations import Owners
from web.ports import FloorView, OwnersPort


class Tenancy:
    """Answers every question of sight from one reading of who owns what.

    What nobody owns yet (an inbound call, a seat that only Asterisk knows) belongs to the main
    organisation. A reading that fails leaves the last one in force.
    """

    def __init__(self, port: OwnersPort, clock: Callable[[], float] = time.monotonic) -> None:
        self._port = port
        self._clock = clock
        self._read_at: float | None = None
        self.owners = Owners()

    async def refresh(self) -> None:
        """Read again, unless that was done just now."""
        now = self._clock()
        if self._read_at is not None and now - self._read_at < OWNERS_FRESH_SECONDS:
            return
        self.owners = await self._port.owners()
        self._read_at = now

    def sees_campaign(self, account: Account, name: str | None) -> bool:
        """Whether the campaign's figures may be shown to this account."""
        if account.role is Role.CLIENT:
            return name in self.owners.clients.get(account.login, frozenset())
        owner = self.owners.campaigns.get(name or "", MAIN_ORGANISATION)
        return owner == account.organisation

    def campaigns_of(self, account: Account) -> list[str]:
        """Return the names of the campaigns that may be shown to this account."""
        names = {*self.owners.campaigns, *self.owners.clients.get(account.login, ())}
        return sorted(name for name in names if self.sees_campaign(account, name))

    def agents_of(self, account: Account) -> list[str]:
        """Return the agents that may be shown to this account."""
        return sorted(name for name in self.owners.agents if self.sees_agent(account, name))

    def sees_agent(self, account: Account, agent: str | None) -> bool:
        """Whether the agent may be shown to this account."""
        if account.role is Role.CLIENT:
            return False
        return self.owners.agents.get(agent or "", MAIN_ORGANISATION) == account.organisation

    def sees_call(self, account: Account, call: LiveCall) -> bool:
        """Whether the call may be shown: it is that of its campaign, else of its agent."""
        if call.campaign is not None:
            return self.sees_campaign(account, call.campaign)
        return self.sees_agent(account, call.agent)

    def view_for(self, account: Account, view: FloorView) -> FloorView:
        """Return the floor as this account may see it."""
        return replace(
            view,
            calls=[call for call in view.calls if self.sees_call(account, call)],
            agents=[seat for seat in view.agents if self.sees_agent(account, seat.agent)],
        )

    def changes_for(self, account: Account, changes: list[Change]) -> list[Change]:
        """Return the changes that this account may see."""
        return [change for change in changes if self._sees_change(account, change)]

    def _sees_change(self, account: Account, change: Change) -> bool:
        match change:
            case CallChanged(call):
                return self.sees_call(account, call)
            case AgentChanged(agent):
                return self.sees_agent(account, agent.agent)
            case _:
                return True

    def shows_whole_numbers(self, account: Account) -> bool:
        """Whether this organisation lets its agents see customers' numbers."""
        return account.organisation in self.owners.unmasked
