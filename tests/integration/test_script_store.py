"""Call scripts on a real Postgres."""

from dataclasses import replace

import psycopg
import pytest

from store.database import Database
from store.scripts import ScriptStore, ScriptText

pytestmark = pytest.mark.postgres

TEXT = ScriptText("zh", "之前", "您好,{contact}", "之后")


async def test_a_script_is_kept_for_each_language_and_ends_with_its_campaign(
    database: Database, database_url: str
) -> None:
    store = ScriptStore(database)
    assert not await store.save("spring", TEXT, "chief")
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("INSERT INTO campaign (name) VALUES ('spring')")
        assert await store.save("spring", TEXT, "chief")
        assert await store.save("spring", replace(TEXT, language="en"), "chief")
        assert await store.save("spring", replace(TEXT, during_call="喂"), "deputy")
        found = await store.of_campaign("spring")
        assert [one.text for one in found] == [
            replace(TEXT, language="en"),
            replace(TEXT, during_call="喂"),
        ]
        assert [one.changed_by for one in found] == ["chief", "deputy"]
        connection.execute("DELETE FROM campaign WHERE name = 'spring'")
    assert await store.of_campaign("spring") == []
