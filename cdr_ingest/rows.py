"""One CEL row, typed, whoever wrote it: Asterisk's table or Asterisk's CSV ledger."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import msgspec

from calls.ids import BridgeId, CallId, ChannelId
from store.records import RawCel

HOLDING_BRIDGE = "holding_bridge"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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


_ORDER = {event: rank for rank, event in enumerate(CelEvent)}
_NAMES = frozenset(CelEvent)
_NEEDS_BRIDGE = frozenset({CelEvent.BRIDGE_ENTER, CelEvent.BRIDGE_EXIT})


@dataclass(frozen=True, slots=True)
class CelExtra:
    """What the JSON column says. hangup_cause: Q.850. text: detail of a dialplan's own event."""

    bridge_id: BridgeId | None = None
    bridge_technology: str = ""
    hangup_cause: int | None = None
    hangup_source: str = ""
    dial_status: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class CelRow:
    """One event of one channel. at: UTC with microseconds, as Asterisk stamped it.

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
    def identity(self) -> tuple[str, ...]:
        """Equal for the same event read from the table and from the ledger."""
        return (
            self.channel,
            self.linkedid,
            self.event.value,
            self.at.isoformat(timespec="microseconds"),
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
        return (self.at, _ORDER[self.event], self.identity)


class BadCelRow(ValueError):
    """A row that cannot be read: where it stands, which field, and why."""

    def __init__(self, origin: str, field: str, reason: str) -> None:
        super().__init__(f"{origin}: {field}: {reason}")
        self.origin = origin
        self.field = field


class _Extra(msgspec.Struct):
    bridge_id: str = ""
    bridge_technology: str = ""
    hangupcause: int | str | None = None
    hangupsource: str = ""
    dialstatus: str = ""
    extra: str = ""


_EXTRA = msgspec.json.Decoder(_Extra)


def parse_cel(raw: RawCel) -> CelRow:
    """Read one row; raise BadCelRow naming its origin and the field that is wrong."""
    event, mark = _event(raw)
    if not raw.uniqueid:
        raise BadCelRow(raw.origin, "uniqueid", "is empty")
    if not raw.linkedid:
        raise BadCelRow(raw.origin, "linkedid", "is empty")
    extra = _extra(raw, event)
    if event in _NEEDS_BRIDGE and extra.bridge_id is None:
        raise BadCelRow(raw.origin, "extra", f"{event.value} without bridge_id")
    return CelRow(
        event=event,
        at=_time(raw),
        channel=ChannelId(raw.uniqueid),
        linkedid=CallId(raw.linkedid),
        channel_name=raw.channame,
        mark=mark,
        account=raw.accountcode,
        caller_number=raw.cid_num,
        ani=raw.cid_ani,
        exten=raw.exten,
        application=raw.appname,
        extra=extra,
    )


def _event(raw: RawCel) -> tuple[CelEvent, str]:
    if not raw.eventtype:
        raise BadCelRow(raw.origin, "eventtype", "is empty")
    if raw.eventtype == CelEvent.USER_DEFINED:
        if not raw.userdeftype:
            raise BadCelRow(raw.origin, "userdeftype", "is empty")
        return CelEvent.USER_DEFINED, raw.userdeftype
    if raw.eventtype in _NAMES:
        return CelEvent(raw.eventtype), ""
    # cel_pgsql writes the dialplan's name here unless show_user_defined=yes; the ledger never does.
    if raw.userdeftype == raw.eventtype:
        return CelEvent.USER_DEFINED, raw.eventtype
    raise BadCelRow(raw.origin, "eventtype", f"{raw.eventtype!r} is no CEL event")


def _time(raw: RawCel) -> datetime:
    seconds, _, fraction = raw.eventtime.partition(".")
    if not (_digits(seconds, 12) and (not fraction or _digits(fraction, 6))):
        raise BadCelRow(
            raw.origin, "eventtime", f"{raw.eventtime!r} is not epoch seconds.microseconds"
        )
    try:
        # Integers all the way: a float would lose the last microsecond.
        return _EPOCH + timedelta(seconds=int(seconds), microseconds=int(fraction.ljust(6, "0")))
    except OverflowError:
        raise BadCelRow(raw.origin, "eventtime", f"{raw.eventtime!r} is out of range") from None


def _digits(text: str, longest: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= longest


def _extra(raw: RawCel, event: CelEvent) -> CelExtra:
    if not raw.extra:
        return CelExtra()
    try:
        found = _EXTRA.decode(raw.extra)
        cause = None if found.hangupcause in (None, "") else int(found.hangupcause or 0)
    except (msgspec.DecodeError, msgspec.ValidationError, ValueError) as error:
        if event is CelEvent.USER_DEFINED:
            return CelExtra(text=raw.extra)
        raise BadCelRow(raw.origin, "extra", str(error)) from None
    return CelExtra(
        bridge_id=BridgeId(found.bridge_id) if found.bridge_id else None,
        bridge_technology=found.bridge_technology,
        hangup_cause=cause,
        hangup_source=found.hangupsource,
        dial_status=found.dialstatus,
        text=found.extra,
    )
