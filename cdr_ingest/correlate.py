"""Which rows belong to one call: union-find over the channel ids that rows share."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter

from calls.ids import CallId
from cdr_ingest.rows import CelEvent, CelRow


@dataclass(frozen=True, slots=True)
class CallGroup:
    """All rows of one call, each once, in order of time."""

    rows: tuple[CelRow, ...]

    @property
    def ids(self) -> frozenset[str]:
        """Every channel id and linkedid that occurs in the call."""
        return frozenset([member for row in self.rows for member in (row.channel, row.linkedid)])

    @property
    def is_complete(self) -> bool:
        """Whether Asterisk has said of every linkedid that its last channel is gone."""
        ended = {row.linkedid for row in self.rows if row.event is CelEvent.LINKEDID_END}
        return ended.issuperset([row.linkedid for row in self.rows])


class _Families:
    """Disjoint sets of ids, with path halving."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def root(self, member: str) -> str:
        parent = self._parent
        parent.setdefault(member, member)
        while parent[member] != member:
            parent[member] = parent[parent[member]]
            member = parent[member]
        return member

    def join(self, one: str, other: str) -> None:
        self._parent[self.root(one)] = self.root(other)


def correlate(rows: Iterable[CelRow]) -> list[CallGroup]:
    """Group rows into calls, whatever their order, repetitions and gaps; earliest call first.

    A linkedid is the id of a channel, so both live in one name space and sharing either joins.
    Those who meet in a conference room keep linkedids of their own there: the room joins them.
    """
    found = list(rows)
    families = _families(found)
    groups: defaultdict[str, list[CelRow]] = defaultdict(list)
    group_of: dict[str, list[CelRow]] = {}
    for row in found:
        group = group_of.get(row.channel)
        if group is None:
            group = group_of[row.channel] = groups[families.root(row.channel)]
        group.append(row)
    calls = [CallGroup(tuple(_once(group))) for group in groups.values()]
    return sorted(calls, key=lambda call: _order(call.rows[0]))


def _families(rows: Iterable[CelRow]) -> _Families:
    families = _Families()
    pairs = set()
    for row in rows:
        pairs.add((row.channel, row.linkedid))
        if row.is_in_conference:
            pairs.add((row.channel, CallId(f"room {row.extra.bridge_id}")))
    for channel, other in pairs:
        families.join(channel, other)
    return families


def _once(rows: Iterable[CelRow]) -> list[CelRow]:
    """Return the rows in order, each event once; equal orders tell of the same event."""
    kept: list[CelRow] = []
    last: tuple[object, ...] | None = None
    for order, row in sorted([(row.order, row) for row in rows], key=itemgetter(0)):
        if order != last:
            kept.append(row)
            last = order
        elif kept[-1] != row:
            # The same event told in two ways: which one is kept must not depend on the order.
            kept[-1] = min(kept[-1], row, key=repr)
    return kept


def _order(row: CelRow) -> tuple[object, ...]:
    return row.order
