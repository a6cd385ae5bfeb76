"""Replay every recorded trace from every event and cut every message at every byte."""

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ami_bridge.errors import FramingError, TranslationError
from ami_bridge.framing import Framer
from ami_bridge.trace import Entry, read_entries, replay_entries
from ami_bridge.translate import translate
from calls.floor import Floor

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
TRACES = Path(__file__).resolve().parent.parent / "tests" / "traces" / "shapes"


@dataclass(slots=True)
class Tally:
    """What was tried. wrong: a sentence for each replay that raised or left something behind."""

    starts: int = 0
    facts: int = 0
    cuts: int = 0
    wrong: list[str] = field(default_factory=list)


def replay_from(entries: list[Entry], start: int) -> tuple[int, str]:
    """Replay from an entry on; how many facts there were, and what is wrong (empty: nothing)."""
    floor, count = Floor(), 0
    try:
        for fact in replay_entries(entries[start:]):
            floor.apply(fact)
            count += 1
    except Exception as error:
        return count, f"raised {error!r}"
    left = len(floor.calls) + len(floor.agents)
    return count, f"left {left} calls and seats behind" if left else ""


def cut(entry: Entry) -> Iterator[str]:
    """Hear a message from each of its bytes on; what is wrong."""
    if entry.frame is None:
        return
    message = f"{entry.frame.text}\r\n\r\n".encode()
    for offset in range(len(message)):
        try:
            framer = Framer(frozenset({entry.frame.name}))
            for frame in framer.feed(BANNER + message[offset:]):
                translate(frame, entry.at)
        except (TranslationError, FramingError):
            pass  # said in one line, and the link goes on or begins anew
        except Exception as error:
            yield f"byte {offset}: raised {error!r}"


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="bin/bench replay", description=__doc__)
    parser.add_argument("--traces", type=Path, default=TRACES)
    options = parser.parse_args()
    tally, began = Tally(), time.process_time()
    paths = sorted(options.traces.rglob("*.jsonl*"))
    for path in paths:
        entries = list(read_entries(path))
        for start in range(len(entries)):
            count, wrong = replay_from(entries, start)
            tally.starts, tally.facts = tally.starts + 1, tally.facts + count
            tally.wrong += [f"{path}, event {start}: {wrong}"] if wrong else []
        for number, entry in enumerate(entries):
            tally.wrong += [f"{path}, event {number}: {wrong}" for wrong in cut(entry)]
            tally.cuts += len(entry.frame.text) if entry.frame else 0
    spent = time.process_time() - began
    print(
        f"traces {len(paths)}, starts {tally.starts}, facts {tally.facts}, byte cuts {tally.cuts}"
    )
    print(f"CPU {spent:.1f} s; wrong: {len(tally.wrong)}")
    for line in tally.wrong[:20]:
        print(line, file=sys.stderr)
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
