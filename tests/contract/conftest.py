"""Each port's adapters behind one face; every test of a suite runs on each of them."""

from collections.abc import AsyncIterator

import pytest

from store.database import Database
from tests.contract.asked_desks import AskedDesk, MemoryAskedDesk, PostgresAskedDesk
from tests.contract.attempts_desks import AttemptsDesk, MemoryDesk, PostgresDesk
from tests.contract.records_desks import MemoryRecordsDesk, PostgresRecordsDesk, RecordsDesk
from tests.contract.switch_benches import (
    AmiSwitchBench,
    MemorySwitchBench,
    SwitchBench,
)
from tests.contract.wishes_desks import MemoryWishesDesk, PostgresWishesDesk, WishesDesk

ADAPTERS = ["memory", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=ADAPTERS)
def attempts_desk(request: pytest.FixtureRequest) -> AttemptsDesk:
    """An adapter of `dialer.ports.Attempts`, without leads."""
    if request.param == "memory":
        return MemoryDesk()
    database: Database = request.getfixturevalue("database")
    return PostgresDesk(database)


@pytest.fixture(params=ADAPTERS)
def asked_desk(request: pytest.FixtureRequest) -> AskedDesk:
    """An adapter of `dialer.asked_ports`, without leads."""
    if request.param == "memory":
        return MemoryAskedDesk()
    database: Database = request.getfixturevalue("database")
    return PostgresAskedDesk(database)


@pytest.fixture(params=ADAPTERS)
def wishes_desk(request: pytest.FixtureRequest) -> WishesDesk:
    """An adapter of `dialer.ports.Wishes`, without campaigns and agents."""
    if request.param == "memory":
        return MemoryWishesDesk()
    database: Database = request.getfixturevalue("database")
    return PostgresWishesDesk(database)


@pytest.fixture(params=ADAPTERS)
def records_desk(request: pytest.FixtureRequest) -> RecordsDesk:
    """An adapter of `dialer.ports.Records`; Asterisk has written nothing yet."""
    if request.param == "memory":
        return MemoryRecordsDesk()
    database: Database = request.getfixturevalue("database")
    return PostgresRecordsDesk(database)


@pytest.fixture(params=["memory", "ami"])
async def switch_bench(request: pytest.FixtureRequest) -> AsyncIterator[SwitchBench]:
    """An adapter of `dialer.ports.Switch`, up and ready to place calls."""
    made = MemorySwitchBench.made if request.param == "memory" else AmiSwitchBench.made
    async with made() as bench:
        yield bench
