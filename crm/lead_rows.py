"""One row of a call list becomes a lead, or a reason why not. Pure, so it runs in workers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crm.csv_rows import BadRow, RawRow, RowProblem
from crm.phones import DEFAULT_REGION, PhoneProblem, parse_phone
from store.lead_import import StagedLead

LONGEST_TEXT: Mapping[str, int] = {
    "external_id": 200, "company": 200, "contact": 100, "industry": 100, "chain_role": 100,
    "province": 100, "city": 100, "need": 2000, "supply": 2000, "owner": 100, "priority": 20,
    "not_before": 40, "not_after": 40, "consent_ref": 500, "remark": 4000,
}  # fmt: skip
MORE_PHONES = ("phone2", "phone3", "phone4", "phone5")
"""Columns of further numbers, tried in this order after `phone`."""
HIGHEST_PRIORITY = 1_000_000
_YEARS = range(2000, 2101)
_SURELY_SHORT = min(LONGEST_TEXT.values())
_BLANKS = " \t\r\n\u3000\xa0\ufeff"
_DANGEROUS_STARTS = ("'=", "'+", "'-", "'@", "'\t", "'\r")


@dataclass(frozen=True, slots=True)
class RowRules:
    """How texts are read. region: of numbers without country code. time_zone: of bare times.

    year: in which time zones of numbers are told apart.
    """

    columns: tuple[str, ...]
    region: str = DEFAULT_REGION
    time_zone: str = "UTC"
    year: int = 2026


@dataclass(frozen=True, slots=True)
class ReadRows:
    """What a portion of rows became."""

    leads: list[StagedLead]
    bad: list[BadRow]


class _Refused(Exception):
    def __init__(self, field: str, reason: str) -> None:
        super().__init__(field, reason)
        self.field = field
        self.reason = reason


def read_leads(rows: Sequence[RawRow], rules: RowRules) -> ReadRows:
    """Turn rows into leads; each bad one is named by line, field and reason."""
    read = ReadRows([], [])
    for row in rows:
        try:
            read.leads.append(_read_lead(row, rules))
        except _Refused as refused:
            problem = RowProblem(row.line, refused.field, refused.reason)
            read.bad.append(BadRow(problem, row.texts))
    return read


def _read_lead(row: RawRow, rules: RowRules) -> StagedLead:
    texts = {
        column: _clean(column, text)
        for column, text in zip(rules.columns, row.texts, strict=True)
        if text
    }
    written = texts.get("phone", "")
    phone = _phone("phone", written, rules)
    more = _more_phones(texts, phone[0], rules)
    not_before, not_after = _window(texts, rules)
    get = texts.get
    return StagedLead(
        line=row.line,
        phone=phone[0],
        phone_written=written,
        time_zone=phone[1],
        priority=_priority(get("priority", "")),
        phone2=more[0][0] if more else None,
        more_phones=[number for number, _ in more],
        more_zones=[zone for _, zone in more],
        external_id=get("external_id") or None,
        company=get("company", ""),
        contact=get("contact", ""),
        industry=get("industry", ""),
        chain_role=get("chain_role", ""),
        province=get("province", ""),
        city=get("city", ""),
        need=get("need", ""),
        supply=get("supply", ""),
        owner=get("owner", ""),
        consent_ref=get("consent_ref", ""),
        remark=get("remark", ""),
        not_before=not_before,
        not_after=not_after,
    )


def _more_phones(texts: Mapping[str, str], first: str, rules: RowRules) -> list[tuple[str, str]]:
    """Return the further numbers with their zones, in the columns' order, each once."""
    found: dict[str, str] = {}
    for field in MORE_PHONES:
        if text := texts.get(field, ""):
            number, zone = _phone(field, text, rules)
            if number != first:
                found.setdefault(number, zone)
    return list(found.items())


def _clean(field: str, text: str) -> str:
    """Trim, and take off the quote that our own exports put before a dangerous start."""
    trimmed = text.strip(_BLANKS)
    if len(trimmed) <= _SURELY_SHORT and trimmed.isprintable() and trimmed[:1] != "'":
        return trimmed
    if trimmed[:1] == "'" and trimmed.startswith(_DANGEROUS_STARTS):
        trimmed = trimmed[1:]
    if "\0" in trimmed:
        raise _Refused(field, "holds a NUL byte")
    longest = LONGEST_TEXT.get(field)
    if longest is not None and len(trimmed) > longest:
        raise _Refused(field, f"is {len(trimmed):,} characters long, at most {longest:,}")
    return trimmed


def _phone(field: str, text: str, rules: RowRules) -> tuple[str, str]:
    phone = parse_phone(text, rules.region, year=rules.year)
    if isinstance(phone, PhoneProblem):
        shown = f" ({text[:40]!r})" if text else ""
        raise _Refused(field, phone.reason + shown)
    return phone.e164, phone.time_zone


def _priority(text: str) -> int:
    if not text:
        return 0
    try:
        priority = int(text)
    except ValueError:
        raise _Refused("priority", f"{text!r} is no whole number") from None
    if abs(priority) > HIGHEST_PRIORITY:
        raise _Refused(
            "priority", f"{text} is not from -{HIGHEST_PRIORITY:,} to {HIGHEST_PRIORITY:,}"
        )
    return priority


def _window(texts: Mapping[str, str], rules: RowRules) -> tuple[datetime | None, datetime | None]:
    before, after = texts.get("not_before", ""), texts.get("not_after", "")
    if not before and not after:
        return None, None
    opens = _moment("not_before", before, rules, end_of_day=False)
    closes = _moment("not_after", after, rules, end_of_day=True)
    if opens is not None and closes is not None and closes <= opens:
        raise _Refused("not_after", f"{after} is not after not_before {before}")
    return opens, closes


def _moment(field: str, text: str, rules: RowRules, *, end_of_day: bool) -> datetime | None:
    """Read ISO 8601. A bare date as not_after means to the end of that day."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        if end_of_day and moment.time() == time(0) and _is_bare_date(text):
            moment += timedelta(days=1)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(rules.time_zone))
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise _Refused(
            field, f"{text!r} is no ISO 8601 time, such as 2026-03-01T09:00+08:00"
        ) from None
    if moment.year not in _YEARS:
        raise _Refused(field, f"{text!r} is not from {_YEARS.start} to {_YEARS.stop - 1}")
    return moment


def _is_bare_date(text: str) -> bool:
    return ":" not in text and "T" not in text.upper() and " " not in text
