"""Organisations (tenants): which campaigns and agents belong to which."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from store.database import Database


@dataclass(frozen=True, slots=True)
class Owners:
    """Who owns what. campaigns, agents: organisation by name. unmasked: organisations that show
    whole numbers to their agents. clients: the campaigns that each client's login may see.
    """

    campaigns: Mapping[str, str] = field(default_factory=dict)
    agents: Mapping[str, str] = field(default_factory=dict)
    unmasked: frozenset[str] = frozenset()
    clients: Mapping[str, frozenset[str]] = field(default_factory=dict)


class OrganisationStore:
    """Organisations in Postgres."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def owners(self) -> Owners:
        """Return who owns every campaign and agent."""
        async with self._database.session() as session:
            campaigns = await session.fetch("campaign_owners")
            agents = await session.fetch("agent_owners")
            unmasked = await session.fetch("unmasking_organisations")
            grants = await session.fetch("client_campaigns")
        clients: dict[str, set[str]] = {}
        for row in grants:
            clients.setdefault(row["login"], set()).add(row["campaign"])
        return Owners(
            campaigns={row["name"]: row["organisation"] for row in campaigns},
            agents={row["agent_id"]: row["organisation"] for row in agents},
            unmasked=frozenset(row["organisation_id"] for row in unmasked),
            clients={login: frozenset(names) for login, names in clients.items()},
        )

    async def add(self, organisation: str, name: str, *, masks_numbers: bool = True) -> None:
        """Make a tenant known, or rename it."""
        await self._database.execute("add_organisation", organisation, name, masks_numbers)

    async def assign_campaign(self, campaign: str, organisation: str) -> None:
        """Give a campaign to an organisation."""
        await self._database.execute("assign_campaign", campaign, organisation)

    async def assign_agent(self, agent: str, organisation: str) -> None:
        """Give an agent to an organisation."""
        await self._database.execute("assign_agent", agent, organisation)

    async def grant(self, login: str, campaign: str) -> None:
        """Let a client of an outsourcer see a campaign."""
        await self._database.execute("grant_client_campaign", login, campaign)
