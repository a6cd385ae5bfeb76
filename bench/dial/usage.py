"""What processes have used, as Linux tells. Pure reading of /proc."""

import os
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Usage:
    """cpu_seconds: user and system, ended children too. resident: bytes."""

    cpu_seconds: float
    resident: int

    def __sub__(self, before: "Usage") -> "Usage":
        return Usage(self.cpu_seconds - before.cpu_seconds, self.resident - before.resident)


def usage_of(pid: int) -> Usage:
    """Return what a process and its children have used; resident is its own alone."""
    stats = {int(p.name): _stat(p) for p in Path("/proc").iterdir() if p.name.isdigit()}
    family = {pid}
    for _ in range(4):  # a keeper, a postmaster, its backends
        family |= {child for child, stat in stats.items() if stat and int(stat[1]) in family}
    ticks = sum(sum(map(int, stats[one][11:15])) for one in family if stats.get(one))
    return Usage(ticks / _TICKS, int(stats[pid][21]) * _PAGE if stats.get(pid) else 0)


def _stat(process: Path) -> list[str]:
    """The fields of /proc/PID/stat from the state on; empty when it has just ended."""
    try:
        return (process / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return []
