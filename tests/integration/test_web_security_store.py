"""Second factor, audit log and organisations on a real Postgres."""

import pytest

from calls.ids import AgentId
from store.accounts import Account, AccountStore, LoginRefused, Role
from store.audit import NEWEST, Act, AuditStore
from store.campaigns import CampaignStore
from store.database import Database
from store.organisations import OrganisationStore
from tests.fakes.web_accounts import PASSWORD_HASH

pytestmark = pytest.mark.postgres


async def test_a_code_is_used_up_and_a_proposed_secret_adopted_once(database: Database) -> None:
    store = AccountStore(database)
    await store.add(Account("chief", Role.SUPERVISOR), PASSWORD_HASH)
    assert await store.propose_second_factor("chief", "SECRET")
    assert not await store.adopt_second_factor("chief", "OTHER")
    assert await store.adopt_second_factor("chief", "SECRET")
    assert not await store.propose_second_factor("chief", "NEWER")
    assert [await store.use_step("chief", step) for step in (5, 5, 4, 6)] == [
        True,
        False,
        False,
        True,
    ]
    found = await store.credentials("chief")
    assert found is not None
    assert found.totp_secret == "SECRET"
    await store.drop_second_factor("chief")
    assert (await store.second_factor("chief")).secret is None


async def test_sessions_are_listed_without_their_tokens(database: Database) -> None:
    store = AccountStore(database)
    await store.add(Account("chief", Role.SUPERVISOR), PASSWORD_HASH)
    await store.open_session(b"\x01" * 32, "chief", 60, "192.0.2.1", "Firefox")
    (session,) = await store.sessions("chief")
    assert (session.session_id, session.address) == ("01" * 12, "192.0.2.1")
    assert not await store.close_session_by_id("other", session.session_id)
    assert await store.close_session_by_id("chief", session.session_id)
    assert await store.session(b"\x01" * 32) is None


async def test_the_audit_log_shows_each_organisation_its_own_newest_first(
    database: Database,
) -> None:
    audit = AuditStore(database)
    for organisation, subject in (("main", "one"), ("acme", "two"), ("main", "three")):
        act = Act("chief", "supervisor", organisation, "192.0.2.1", "campaign_stop", subject)
        await audit.finish(await audit.begin(act), 200)
    lines = await audit.list("main", NEWEST, 10)
    assert [line.subject for line in lines] == ["three", "one"]
    assert [line.subject for line in await audit.list("main", lines[0].audit_id, 10)] == ["one"]


async def test_campaigns_and_agents_belong_to_their_organisation(database: Database) -> None:
    organisations = OrganisationStore(database)
    await organisations.add("acme", "Acme", masks_numbers=False)
    await CampaignStore(database).add_agent(AgentId("agent-1"), "Li Wei")
    await organisations.assign_agent("agent-1", "acme")
    owners = await organisations.owners()
    assert owners.agents == {"agent-1": "acme"}
    assert owners.unmasked == {"acme"}
    store = AccountStore(database)
    with pytest.raises(LoginRefused, match="no organisation nowhere"):
        await store.add(Account("a", Role.HR, None, "nowhere"), PASSWORD_HASH)
    await store.add(Account("chief", Role.HR, None, "acme"), PASSWORD_HASH)
    found = await store.credentials("chief")
    assert found is not None
    assert found.account.organisation == "acme"
