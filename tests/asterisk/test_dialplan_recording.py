"""The sample dialplan records talks: a WAV for each, named after its call and linked to it."""

import time
import wave
from array import array
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from calls.campaign import DialOrder
from cdr_ingest.ingest import Ingester
from cdr_ingest.recordings import link_recordings
from lab.ami import AmiSession
from lab.lab import Lab
from lab.numbering_plan import number_for
from store.database import Database
from store.recordings import read_recording
from store.records import StoredCall, read_calls
from tests.asterisk.dialling import QUEUE_WITHOUT_AGENTS, Call, Floor, bridged, has
from tests.asterisk.test_dialplan_asked import ask

pytestmark = [pytest.mark.asterisk, pytest.mark.postgres, pytest.mark.timeout(90)]

LENGTH_TOLERANCE_SECONDS = 0.5
AUDIBLE = 1000
"""Of 32767: the carrier's tone is far louder, silence far below."""
WRITTEN_SECONDS = 5.0


SPEAKING_AGENT = "_age[n]t-10XX"
SPEAKING_PLAN = ("Ringing", "Wait,0.8", "Answer", "Playtones,425", "Wait,3600")
"""A person who picks up and speaks. Left alone, robots and carrier of Asterisk 16 both wait half a
second for the other's media after an answer, and MixMonitor writes nothing while nobody sends."""


@pytest.fixture
def speaking_agents(lab: Lab) -> Iterator[None]:
    """Agents' phones of which something is heard from the first moment of a talk on."""
    for priority, step in enumerate(SPEAKING_PLAN, start=1):
        lab.phones.console(
            f"dialplan add extension {SPEAKING_AGENT},{priority},{step} into from-pbx"
        )
    yield
    lab.phones.console(f"dialplan remove extension {SPEAKING_AGENT}@from-pbx")


@pytest.fixture
def recording_floor(lab: Lab, floor: Floor) -> Iterator[Floor]:
    """A floor with agents whose talks are recorded."""
    lab.pbx.console("dialplan set global RECORDING on")
    floor.add_agents()
    yield floor
    lab.pbx.console("dialplan set global RECORDING off")


def file_of(floor: Floor, call_id: str) -> Path:
    return floor.lab.pbx.recording_dir / f"{call_id}.wav"


def call_in(floor: Floor) -> str:
    """Somebody calls us, is connected, and hears the end of the call; return its linkedid."""
    with AmiSession(floor.lab.carrier, "lab") as carrier:
        carrier.action(
            "Originate",
            Channel="PJSIP/+861055550000@pbx",
            CallerID="<+8613800138000>",
            Application="Playback",
            Data="demo-congrats",
            Async="true",
        )
        connected = floor.reader.wait(has(Event="AgentConnect", CallerIDNum="+8613800138000"), 5)
        time.sleep(2)  # the talk
        floor.actor.action("Hangup", Channel=connected["Channel"], Cause="16")
    floor.reader.wait(has(Event="Hangup", Uniqueid=connected["Uniqueid"]), 5)
    return connected["Linkedid"]


async def record_of(floor: Floor, database: Database, call_ids: list[str]) -> dict[str, StoredCall]:
    """The records, made of Asterisk's ledger."""
    later = datetime.now(UTC) + timedelta(minutes=5)
    ledger = floor.lab.pbx.cel_ledger
    await Ingester(database, ledger, lambda: None, lambda: later).run_once(later)
    return await read_calls(database, call_ids)


def wait_until_closed(path: Path) -> None:
    """MixMonitor writes the length into the file's head when it ends, a moment after the call."""
    deadline = time.monotonic() + WRITTEN_SECONDS
    while not path.exists() or not frames_in_head(path):
        assert time.monotonic() < deadline, f"{path.name} was not finished"
        time.sleep(0.05)


def frames_in_head(path: Path) -> int:
    with wave.open(str(path), "rb") as sound:
        return sound.getnframes()


def loudest(path: Path) -> int:
    with wave.open(str(path), "rb") as sound:
        return max(map(abs, array("h", sound.readframes(sound.getnframes()))))


@pytest.mark.usefixtures("speaking_agents")
async def test_each_talk_leaves_a_wav_as_long_as_it_linked_to_its_record(
    recording_floor: Floor, database: Database
) -> None:
    floor = recording_floor
    talks = [
        floor.dial(number_for("answered_customer_ends", 25, serial=621)),
        ask(floor, number_for("answered_customer_ends", 30, 626), DialOrder.AGENT_FIRST),
        ask(floor, number_for("answered_customer_ends", 35, 627), DialOrder.CUSTOMER_FIRST,
            agent="agent-1002"),
    ]  # fmt: skip
    floor.finish(talks)
    for call in talks:
        bridged(floor.cel(call))
    call_ids = [call.attempt for call in talks] + [call_in(floor)]
    for call_id in call_ids:
        wait_until_closed(file_of(floor, call_id))
    calls = await record_of(floor, database, call_ids)
    folder, settled = floor.lab.pbx.recording_dir, datetime.now(UTC) + timedelta(minutes=2)
    report = await link_recordings(database, folder, settled)
    assert report.bad == []
    assert report.done >= set(call_ids)
    for call_id in call_ids:
        found = await read_recording(database, call_id)
        assert found is not None
        assert found.seconds is not None
        talk = calls[call_id].talk.total_seconds()
        print(f"{floor.lab.tree.version}: talk {talk:.3f} s, file {found.seconds:.3f} s")
        assert talk > 1.5
        assert float(found.seconds) == pytest.approx(talk, abs=LENGTH_TOLERANCE_SECONDS)
        path = file_of(floor, call_id)
        assert (found.size_bytes, found.sha256) == (
            path.stat().st_size,
            sha256(path.read_bytes()).digest(),
        )
        assert loudest(path) > AUDIBLE


def test_without_an_agent_for_a_campaign_left_out_and_switched_off_no_file(
    recording_floor: Floor,
) -> None:
    floor, pbx = recording_floor, recording_floor.lab.pbx
    number = number_for("answered_customer_ends", 8, serial=623)
    abandoned = floor.dial(
        number_for("answered_customer_ends", 40, serial=624), queue=QUEUE_WITHOUT_AGENTS
    )
    pbx.console("dialplan add extension spring,1,NoOp into callfloor-unrecorded")
    left_out = [
        floor.dial(number),
        ask(floor, number, DialOrder.AGENT_FIRST, agent="agent-1003"),
    ]
    floor.finish(left_out)
    pbx.console("dialplan remove extension spring@callfloor-unrecorded")
    pbx.console("dialplan set global RECORDING off")
    off = floor.dial(number)
    floor.finish([off, abandoned])
    pbx.console("dialplan set global RECORDING on")
    control = floor.dial(number)
    floor.finish([control])
    wait_until_closed(file_of(floor, control.attempt))
    assert silent(floor, [abandoned, *left_out, off])


def silent(floor: Floor, calls: list[Call]) -> bool:
    return not any(file_of(floor, call.attempt).exists() for call in calls)
