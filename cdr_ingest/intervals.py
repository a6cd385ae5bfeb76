"""Arithmetic on time spans: pure, exact to the microsecond.

A span of no length is kept: two legs that met at the very moment of a cut did meet.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple


class Span(NamedTuple):
    """From start to end, start <= end."""

    start: datetime
    end: datetime


def union(spans: Iterable[Span]) -> list[Span]:
    """Merge spans that overlap or touch; sorted, so that no moment is counted twice."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def intersection(one: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    """Return the spans that lie in both, merged."""
    shared = (Span(max(a.start, b.start), min(a.end, b.end)) for a in one for b in other)
    return union(span for span in shared if span.start <= span.end)


def length(spans: Iterable[Span]) -> timedelta:
    """Sum up the merged length of the spans."""
    return sum((span.end - span.start for span in union(spans)), timedelta(0))
