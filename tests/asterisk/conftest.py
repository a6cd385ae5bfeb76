"""A real lab for each version of Asterisk, shared by every test that is marked `asterisk`."""

import os
from collections.abc import Iterator
from contextlib import closing

import pytest

from lab.ami import AmiSession
from lab.lab import Lab
from tests.asterisk.dialling import Floor

# A version that cannot be had is a failure, never a skip; name fewer to run fewer.
VERSIONS = os.environ.get("CALLFLOOR_TEST_ASTERISK", "22,16").replace(" ", "").split(",")
ROBOT_AGENTS = 12


class LabShelf:
    """One running lab per version, started when first wanted."""

    def __init__(self) -> None:
        self._labs: dict[str, Lab] = {}

    def take(self, version: str) -> Lab:
        if version not in self._labs:
            lab = Lab(version, agents=ROBOT_AGENTS)
            lab.start()
            self._labs[version] = lab
        return self._labs[version]

    def clear(self) -> None:
        for lab in self._labs.values():
            lab.stop()


@pytest.fixture(scope="session")
def lab_shelf() -> Iterator[LabShelf]:
    shelf = LabShelf()
    yield shelf
    shelf.clear()


@pytest.fixture(params=VERSIONS)
def lab(request: pytest.FixtureRequest, lab_shelf: LabShelf) -> Iterator[Lab]:
    """A running lab of each version: no calls, no queue members. The test may leave both behind."""
    lab = lab_shelf.take(request.param)
    yield lab
    if lab.pbx.pid is not None:
        empty_floor(lab)


@pytest.fixture
def floor(lab: Lab) -> Iterator[Floor]:
    """Both logins on the running lab."""
    with closing(Floor(lab)) as floor:
        yield floor


def empty_floor(lab: Lab) -> None:
    """End every call and take every member out of the queues."""
    with AmiSession(lab.pbx, "callfloor-actor", events=False) as session:
        for item in session.listing("QueueStatus"):
            if item.get("Event") == "QueueMember":
                session.action("QueueRemove", Queue=item["Queue"], Interface=item["Location"])
        for item in session.listing("CoreShowChannels"):
            session.action("Hangup", Channel=item["Channel"], Cause="16")
