"""CEL rows as pasted tables: what a `cel` table shows, cut down to the columns that matter."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from cdr_ingest.rows import CelRow, parse_cel
from store.cel_rows import RawCel

_COLUMNS = tuple(name for name in RawCel.__dataclass_fields__ if name not in ("origin", "id"))
# A bar that stands alone: the detail of a dialplan's event (`MACHINE|TOOLONG`) may hold one too.
_BAR = re.compile(r"\s\|(?=\s|$)")


def raw_rows(table: str) -> list[RawCel]:
    """Read a table whose first line names columns, separated by `|`; other columns are empty."""
    lines = [_BAR.split(line) for line in table.strip().splitlines() if line.strip(" -+")]
    names = [cell.strip() for cell in lines[0]]
    return [
        raw_row(f"line {number}", **dict(zip(names, map(str.strip, cells), strict=True)))
        for number, cells in enumerate(lines[1:], start=1)
    ]


def raw_row(origin: str = "a test", /, **columns: str) -> RawCel:
    """Build one row; columns that are not given are empty."""
    return RawCel(origin, **dict.fromkeys(_COLUMNS, "") | columns)  # type: ignore[arg-type] # all text


def cel_rows(table: str) -> list[CelRow]:
    """Read a pasted table as typed rows."""
    return [parse_cel(raw) for raw in raw_rows(table)]


def ledger_line(raw: RawCel) -> str:
    """Write a row as cel_custom does."""
    cells = (getattr(raw, name).replace('"', '""') for name in _COLUMNS)
    return ",".join(f'"{cell}"' for cell in cells) + "\n"


def ledger_text(rows: Iterable[RawCel]) -> str:
    """Write rows as a whole ledger."""
    return "".join(ledger_line(raw) for raw in rows)


def at(epoch: str) -> datetime:
    """Return the moment of `epoch.microseconds`, exactly."""
    seconds, _, fraction = epoch.partition(".")
    return datetime.fromtimestamp(int(seconds), UTC).replace(
        microsecond=int(fraction.ljust(6, "0"))
    )


CALL_START = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
_BRIDGE = '{"bridge_id":"b","bridge_technology":"simple_bridge"}'


def answered_call(
    talk: str, start: datetime = CALL_START, agent: str = "agent-1001", campaign: str = ""
) -> list[RawCel]:
    """A call that talks exactly so many seconds, dialled at `start`: 1 s ringing, 1 s waiting."""
    call = str(uuid4())
    customer = _leg(call, call, "carrier", campaign)
    seat = _leg(f"{call[:8]}.1", call, agent, campaign)
    seconds, _, fraction = talk.partition(".")
    span = timedelta(seconds=int(seconds), microseconds=int(fraction.ljust(6, "0")))
    bridged = start + timedelta(seconds=2)
    return [
        _row("CHAN_START", start, customer),
        _row("ANSWER", start + timedelta(seconds=1), customer),
        _row("BRIDGE_ENTER", bridged - timedelta(microseconds=400), seat, _BRIDGE),
        _row("BRIDGE_ENTER", bridged, customer, _BRIDGE),
        _row("BRIDGE_EXIT", bridged + span, customer, _BRIDGE),
        _row("HANGUP", bridged + span, customer, _hangup(16)),
        _row("LINKEDID_END", bridged + span, customer),
    ]


def failed_call(cause: int, start: datetime = CALL_START, campaign: str = "") -> list[RawCel]:
    """A call that ends with this Q.850 cause three seconds after `start`, unanswered."""
    call = str(uuid4())
    customer = _leg(call, call, "carrier", campaign)
    end = start + timedelta(seconds=3)
    return [
        _row("CHAN_START", start, customer),
        _row("HANGUP", end, customer, _hangup(cause)),
        _row("LINKEDID_END", end, customer),
    ]


def _hangup(cause: int) -> str:
    return f'{{"hangupcause":{cause},"hangupsource":"PJSIP/carrier-1","dialstatus":""}}'


def _leg(channel: str, call: str, endpoint: str, campaign: str) -> dict[str, str]:
    name = f"PJSIP/{endpoint}-1"
    return {"uniqueid": channel, "linkedid": call, "channame": name, "accountcode": campaign}


def _row(event: str, moment: datetime, leg: dict[str, str], extra: str = "") -> RawCel:
    seconds = int(moment.replace(microsecond=0).timestamp())
    time = f"{seconds}.{moment.microsecond:06}"
    return raw_row(eventtype=event, eventtime=time, extra=extra, **leg)
