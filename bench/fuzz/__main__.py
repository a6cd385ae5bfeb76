"""Fuzzing the reader of AMI bytes, guided by coverage: raises, hangs, growth (none may be)."""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.ami.mix import call_events
from bench.fuzz.target import MAX_BYTES, TARGETS, WANTED

_HANG_SECONDS = 5
_MEMORY_MB = 1024
_NOTHING_FAILED = 0
_LONGEST = {"reader": 600, "bridge": MAX_BYTES - 100}
"""Bytes of an input: the reader's own states need no more than two short messages."""
_LEFT_OUT = (b"Dest", b"ChanVariable", b"Connected", b"Account", b"Language", b"Report0")
_TOKENS = (
    *("Event: ", "Response: ", "ActionID: ", "\r\n\r\n", "\r\n", ": ", "Timestamp: "),
    *("Uniqueid: ", "Linkedid: ", "Channel: PJSIP/a-1", "EventList: Complete", "UserEvent: "),
    *sorted(WANTED),
)


def fuzz(folder: Path, target: str, runs: int, seconds: int, seed: int) -> int:
    """Run the fuzzer over real events and their words; print what it did."""
    corpus, words = folder / "corpus", folder / "words"
    corpus.mkdir()
    for number, event in enumerate(call_events(1)):
        (corpus / str(number)).write_bytes(b"\x20\x60\xa0\xe0" + _shortened(event))
    words.write_text("".join(f'"{_escaped(token)}"\n' for token in _TOKENS), encoding="ascii")
    command = [
        *(sys.executable, "-m", "bench.fuzz.child", target, str(corpus)),
        *(f"-dict={words}", f"-runs={runs}", f"-max_total_time={seconds}", f"-seed={seed}"),
        *(f"-timeout={_HANG_SECONDS}", f"-rss_limit_mb={_MEMORY_MB}"),
        *(f"-max_len={_LONGEST[target]}", f"-artifact_prefix={folder}/", "-print_final_stats=1"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, errors="replace")
    _report(done.stderr, done.returncode)
    if done.returncode != _NOTHING_FAILED:
        print(done.stderr[-3000:])
    return done.returncode


def _shortened(event: bytes) -> bytes:
    """Leave out what nobody reads: the fuzzer pays for each byte."""
    lines = event.split(b"\r\n")
    return b"\r\n".join(line for line in lines if not line.startswith(_LEFT_OUT))


def _escaped(token: str) -> str:
    return token.replace("\r", "\\x0d").replace("\n", "\\x0a")


def _report(text: str, returned: int) -> None:
    figures = dict(re.findall(r"stat::(\w+):\s+(\d+)", text))
    lasted = re.search(r"Done \d+ runs in (\d+) second", text)
    covered = re.findall(r"cov: (\d+) ft: (\d+)", text)
    print(f"inputs            {int(figures.get('number_of_executed_units', 0)):,}")
    print(f"seconds           {lasted[1] if lasted else '?'}")
    print(f"inputs a second   {figures.get('average_exec_per_sec', '?')}")
    print(f"edges, features   {', '.join(covered[-1]) if covered else '?'}")
    print(f"new inputs kept   {figures.get('new_units_added', '?')}")
    print(f"slowest input, s  {figures.get('slowest_unit_time_sec', '?')}")
    print(f"peak memory, MB   {figures.get('peak_rss_mb', '?')}")
    print(f"raised or hung    {'no' if returned == _NOTHING_FAILED else 'YES'}")


def main() -> int:
    """Fuzz for as long as asked."""
    parser = argparse.ArgumentParser(description=__doc__, prog="bin/bench fuzz")
    parser.add_argument("--target", choices=sorted(TARGETS), default="reader")
    parser.add_argument("--inputs", type=int, default=10_000_000)
    parser.add_argument("--seconds", type=int, default=1800, help="at the longest")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        return fuzz(Path(folder), options.target, options.inputs, options.seconds, options.seed)


if __name__ == "__main__":
    sys.exit(main())
