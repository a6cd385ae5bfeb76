"""One CEL row, typed, whoever wrote it: Asterisk's table or Asterisk's CSV ledger."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

import msgspec

from calls.ids import BridgeId, CallId, ChannelId
from cdr_ingest.unreadable import UnreadRow
from store.cel_rows import CelFields, RawCel

HOLDING_BRIDGE = "holding_bridge"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BARE_EPOCH = _EPOCH.replace(tzinfo=None)
_DAY = timedelta(days=1)
_FIRST, _LAST = datetime.min + _DAY, datetime.max - _DAY  # no zone, like cel.eventtime
_SHOWN = 80
LONGEST_FIELD = 16_384
"""Asterisk's own are far shorter: application data, the longest, ends at 8 kB."""
_TEXTS = tuple(name for name in RawCel.__dataclass_fields__ if name not in ("origin", "id"))
_texts_of = attrgetter(*_TEXTS)
RowIdentity = tuple[str | datetime, ...]
"""The moment stays a datetime: making text of it took half of the time of grouping rows."""


class CelEvent(StrEnum):
    """Asterisk's event names (its `cel.c`); all that is none of them is a dialplan's own event."""

    CHAN_START = "CHAN_START"
    ANSWER = "ANSWER"
    APP_START = "APP_START"
    APP_END = "APP_END"
    BRIDGE_ENTER = "BRIDGE_ENTER"
    BRIDGE_EXIT = "BRIDGE_EXIT"
    PARK_START = "PARK_START"
    PARK_END = "PARK_END"
    BLINDTRANSFER = "BLINDTRANSFER"
    ATTENDEDTRANSFER = "ATTENDEDTRANSFER"
    PICKUP = "PICKUP"
    FORWARD = "FORWARD"
    LOCAL_OPTIMIZE = "LOCAL_OPTIMIZE"
    LOCAL_OPTIMIZE_BEGIN = "LOCAL_OPTIMIZE_BEGIN"
    DTMF = "DTMF"
    STREAM_BEGIN = "STREAM_BEGIN"
    STREAM_END = "STREAM_END"
    USER_DEFINED = "USER_DEFINED"
    HANGUP = "HANGUP"
    CHAN_END = "CHAN_END"
    LINKEDID_END = "LINKEDID_END"

    # Enum's own hash and `value` are Python functions, too slow for what every row is asked.
    __hash__ = str.__hash__


_ORDER = {event: rank for rank, event in enumerate(CelEvent)}
_NAMES = {event.value: event for event in CelEvent if event is not CelEvent.USER_DEFINED}
_NEEDS_BRIDGE = frozenset({CelEvent.BRIDGE_ENTER, CelEvent.BRIDGE_EXIT})


class CelExtra(NamedTuple):
    """What the JSON column says. hangup_cause: Q.850. text: detail of a dialplan's own event."""

    bridge_id: BridgeId | None = None
    bridge_technology: str = ""
    hangup_cause: int | None = None
    hangup_source: str = ""
    dial_status: str = ""
    text: str = ""


_NO_EXTRA = CelExtra()


class CelRow(NamedTuple):
    """One event of one channel. at: UTC with microseconds, as Asterisk stamped it.

    A tuple, since it is made in half of the time of a frozen class, and millions of them are.

    mark: the name of a dialplan's own event, empty for Asterisk's. account: the campaign.
    ani: of a call that we originated the caller id shown, while caller_number may be set anew.
    """

    event: CelEvent
    at: datetime
    channel: ChannelId
    linkedid: CallId
    channel_name: str
    mark: str = ""
    account: str = ""
    caller_number: str = ""
    ani: str = ""
    exten: str = ""
    application: str = ""
    extra: CelExtra = CelExtra()

    @property
    def identity(self) -> RowIdentity:
        """Equal for the same event read from the table and from the ledger."""
        return (
            self.channel,
            self.linkedid,
            self.event,
            self.at,
            self.mark,
            self.application,
            self.extra.bridge_id or "",
        )

    @property
    def is_in_conference(self) -> bool:
        """Whether the row tells of entering a conference room (ConfBridge)."""
        return self.event is CelEvent.BRIDGE_ENTER and self.application == "ConfBridge"

    @property
    def is_waiting_room(self) -> bool:
        """Whether the row tells of entering a holding bridge: parked, nobody talks there."""
        is_holding = self.extra.bridge_technology == HOLDING_BRIDGE
        return self.event is CelEvent.BRIDGE_ENTER and is_holding

    @property
    def order(self) -> tuple[object, ...]:
        """Sort key: time, then the natural order of events that share a microsecond."""
        return (
            self.at, _ORDER[self.event], self.channel, self.linkedid, self.mark, self.application,
            self.extra.bridge_id or "",
        )  # fmt: skip


class BadCelRow(UnreadRow):
    """An event that cannot be read."""


class _Extra(msgspec.Struct):
    bridge_id: str = ""
    bridge_technology: str = ""
    hangupcause: int | str | None = None
    hangupsource: str = ""
    dialstatus: str = ""
    extra: str = ""


_EXTRA = msgspec.json.Decoder(_Extra)


def parse_cel(raw: RawCel) -> CelRow:
    """Read one row of text; raise BadCelRow naming its origin and the field that is wrong."""
    origin = lambda: raw.origin  # noqa: E731 - the same as read_cel's, where it costs something
    for name, text in zip(_TEXTS, _texts_of(raw), strict=True):
        if len(text) > LONGEST_FIELD:
            reason = f"{len(text)} characters, an event has at most {LONGEST_FIELD}"
            raise BadCelRow(raw.origin, name, reason)
    if not raw.uniqueid:
        raise BadCelRow(raw.origin, "uniqueid", "is empty")
    if not raw.linkedid:
        raise BadCelRow(raw.origin, "linkedid", "is empty")
    event, mark = _event(raw.eventtype, raw.userdeftype, origin)
    return CelRow(
        event,
        _time(raw),
        ChannelId(raw.uniqueid),
        CallId(raw.linkedid),
        raw.channame,
        mark,
        raw.accountcode,
        raw.cid_num,
        raw.cid_ani,
        raw.exten,
        raw.appname,
        _extra(raw.extra, event, origin),
    )


def read_cel(row: CelFields) -> CelRow:
    """The same for a row of the table, whose columns have their types already."""
    (row_id, eventtype, at, name, channel, linkedid, account, number, ani, exten, application,
     userdeftype, extra) = row  # fmt: skip

    def origin() -> str:
        return f"table cel id {row_id}"

    if not channel:
        raise BadCelRow(origin(), "uniqueid", "is empty")
    if not linkedid:
        raise BadCelRow(origin(), "linkedid", "is empty")
    known = _NAMES.get(eventtype or "")
    event, mark = (known, "") if known else _event(eventtype or "", userdeftype or "", origin)
    if not _FIRST <= at <= _LAST:
        raise BadCelRow(origin(), "eventtime", f"{at} is out of range")
    return CelRow(
        event,
        _EPOCH + (at - _BARE_EPOCH),  # replace(tzinfo=UTC) takes ten times as long
        ChannelId(channel),
        CallId(linkedid),
        name or "",
        mark,
        account or "",
        number or "",
        ani or "",
        exten or "",
        application or "",
        _extra(extra, event, origin) if extra or event in _NEEDS_BRIDGE else _NO_EXTRA,
    )


def _event(eventtype: str, userdeftype: str, origin: Callable[[], str]) -> tuple[CelEvent, str]:
    if eventtype in _NAMES:
        return _NAMES[eventtype], ""
    if not eventtype:
        raise BadCelRow(origin(), "eventtype", "is empty")
    if eventtype == CelEvent.USER_DEFINED:
        if not userdeftype:
            raise BadCelRow(origin(), "userdeftype", "is empty")
        return CelEvent.USER_DEFINED, userdeftype
    # cel_pgsql writes the dialplan's name here unless show_user_defined=yes; the ledger never does.
    if userdeftype == eventtype:
        return CelEvent.USER_DEFINED, eventtype
    raise BadCelRow(origin(), "eventtype", f"{eventtype[:_SHOWN]!r} is no CEL event")


def _time(raw: RawCel) -> datetime:
    seconds, _, fraction = raw.eventtime.partition(".")
    if not (_digits(seconds, 12) and (not fraction or _digits(fraction, 6))):
        raise BadCelRow(
            raw.origin, "eventtime", f"{raw.eventtime[:_SHOWN]!r} is not epoch seconds.microseconds"
        )
    try:
        # Integers all the way: a float would lose the last microsecond.
        return _EPOCH + timedelta(seconds=int(seconds), microseconds=int(fraction.ljust(6, "0")))
    except OverflowError:
        raise BadCelRow(raw.origin, "eventtime", f"{raw.eventtime!r} is out of range") from None


def _digits(text: str, longest: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= longest


def _extra(text: str | None, event: CelEvent, origin: Callable[[], str]) -> CelExtra:
    try:
        extra = _decode(text) if text else _NO_EXTRA
    except (msgspec.DecodeError, msgspec.ValidationError, ValueError) as error:
        if event is CelEvent.USER_DEFINED:
            return CelExtra(text=text or "")
        raise BadCelRow(origin(), "extra", str(error)) from None
    if event in _NEEDS_BRIDGE and extra.bridge_id is None:
        raise BadCelRow(origin(), "extra", f"{event.value} without bridge_id")
    return extra


@lru_cache(maxsize=4096)  # each bridge's and hangup's text stands in several rows of its call
def _decode(text: str) -> CelExtra:
    found = _EXTRA.decode(text)
    cause = None if found.hangupcause in (None, "") else int(found.hangupcause or 0)
    return CelExtra(
        bridge_id=BridgeId(found.bridge_id) if found.bridge_id else None,
        bridge_technology=found.bridge_technology,
        hangup_cause=cause,
        hangup_source=found.hangupsource,
        dial_status=found.dialstatus,
        text=found.extra,
    )
