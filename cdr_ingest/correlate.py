"""Which rows belong to one call: union-find over the channel ids that rows share."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from cdr_ingest.rows import CelEvent, CelRow, RowIdentity


@dataclass(frozen=True, slots=True)
class CallGroup:
    """All rows of one call, each once, in order of time."""

    rows: tuple[CelRow, ...]

    @property
    def ids(self) -> frozenset[str]:
        """Every channel id and linkedid that occurs in the call."""
        return frozenset(row.channel for row in self.rows) | {row.linkedid for row in self.rows}

    @property
    def is_complete(self) -> bool:
        """Whether Asterisk has said of every linkedid that its last channel is gone."""
        ended = {row.linkedid for row in self.rows if row.event is CelEvent.LINKEDID_END}
        return all(row.linkedid in ended for row in self.rows)


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
    families = _Families()
    unique: dict[RowIdentity, CelRow] = {}
    for row in rows:
        identity = row.identity
        known = unique.setdefault(identity, row)
        if known is not row and known != row:
            # The same event told in two ways: which one is kept must not depend on the order.
            unique[identity] = min(known, row, key=repr)
    for row in unique.values():
        families.join(row.channel, row.linkedid)
        if row.is_in_conference:
            families.join(row.channel, f"room {row.extra.bridge_id}")
    groups: defaultdict[str, list[CelRow]] = defaultdict(list)
    for row in unique.values():
        groups[families.root(row.channel)].append(row)
    found = [CallGroup(tuple(sorted(rows, key=_order))) for rows in groups.values()]
    return sorted(found, key=lambda group: _order(group.rows[0]))


def _order(row: CelRow) -> tuple[object, ...]:
    return row.order
