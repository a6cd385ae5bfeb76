"""AMI events CEL and Cdr as the rows that the other sources give: pure.

Asterisk tells both with whole seconds in its machine's zone (cel_manager, cdr_manager). The event's
own Timestamp (`timestampevents=yes`) has microseconds, but says when the event was written. So an
event happened at its Timestamp where that lies within the second told, else at that second's end:
less than a second off, against none in the table and the ledger, which stay the better sources.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from calls.reported import ReportedRecord
from cdr_ingest.cdr_rows import Cdr, parse_cdr
from cdr_ingest.rows import BadCelRow
from store.cel_rows import RawCel, raw_of

_SECOND, _MICROSECOND = timedelta(seconds=1), timedelta(microseconds=1)
CEL_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "eventtype": "EventName",
        "cid_name": "CallerIDname",
        "cid_num": "CallerIDnum",
        "cid_ani": "CallerIDani",
        "cid_rdnis": "CallerIDrdnis",
        "cid_dnid": "CallerIDdnid",
        "exten": "Exten",
        "context": "Context",
        "channame": "Channel",
        "appname": "Application",
        "appdata": "AppData",
        "accountcode": "AccountCode",
        "uniqueid": "UniqueID",
        "linkedid": "LinkedID",
        "peer": "Peer",
        "userfield": "Userfield",
        "userdeftype": "UserDefType",
        "extra": "Extra",
    }
)
"""Our column and the header of the event CEL."""
CDR_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "accountcode": "AccountCode",
        "src": "Source",
        "dst": "Destination",
        "dcontext": "DestinationContext",
        "channel": "Channel",
        "dstchannel": "DestinationChannel",
        "start": "StartTime",
        "duration": "Duration",
        "billsec": "BillableSeconds",
        "disposition": "Disposition",
        "uniqueid": "UniqueID",
        "linkedid": "LinkedID",
        "userfield": "UserField",
    }
)
"""The same of Cdr. LinkedID only comes where cdr_manager.conf maps it."""
HEADERS = (*CEL_FIELDS.values(), "EventTime"), tuple(CDR_FIELDS.values())


def read_report(origin: str, report: ReportedRecord, zone: ZoneInfo) -> RawCel | Cdr:
    """Return the event or CDR; raises UnreadRow naming the field in our column's name."""
    if report.kind == "cdr":
        return parse_cdr(origin, _columns(report, CDR_FIELDS), zone)
    moment = _moment(origin, report, zone)
    whole = moment.replace(microsecond=0)
    time = f"{int(whole.timestamp())}.{moment.microsecond:06}"
    return raw_of(_columns(report, CEL_FIELDS) | {"eventtime": time}, origin)


def _columns(report: ReportedRecord, names: Mapping[str, str]) -> dict[str, str]:
    return {column: report.fields.get(header, "") for column, header in names.items()}


def _moment(origin: str, report: ReportedRecord, zone: ZoneInfo) -> datetime:
    text = report.fields.get("EventTime", "")
    try:
        told = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        reason = f"{text[:40]!r} should be a time such as 2026-11-22 10:00:00"
        raise BadCelRow(origin, "eventtime", reason) from None
    return min(max(report.at, told), told + _SECOND - _MICROSECOND)
