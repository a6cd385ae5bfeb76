"""May this lead be called now? Pure: the answer, the rule that gave it, and when it may change.

Fails closed: an unknown zone, rule, holiday or do-not-call answer means that nobody is called.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from dialer.calling_profiles import WEEKDAYS, Profile

SEARCH_DAYS = 16
"""How far ahead a permitted moment is looked for; longer than any run of closed days."""
_MOST_STEPS = 500
_FINAL_RULES = frozenset({"time_zone", "do_not_call", "consent", "max_tries", "not_after"})
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class HolidayCalendar:
    """Public holidays by the callee's zone. A zone or year that is not there is unknown."""

    years: frozenset[int]
    dates: Mapping[str, frozenset[date]]

    def is_known(self, zone: str, day: date) -> bool:
        """Whether we know if that day is a holiday there."""
        return zone in self.dates and day.year in self.years


NO_HOLIDAYS_KNOWN = HolidayCalendar(frozenset(), {})


@dataclass(frozen=True, slots=True)
class CallingRules:
    """What a campaign's calls obey: the law's profile and its own limits; the stricter wins.

    profile: None means the campaign names one that does not exist; then nothing is dialled.
    lists_imported_at: when each imported do-not-call list was last brought up to date.
    recording_notice: how the campaign tells people that they are recorded; empty: it does not.
    """

    profile: Profile | None
    max_tries: int
    max_tries_per_day: int
    holidays: HolidayCalendar = NO_HOLIDAYS_KNOWN
    lists_imported_at: Mapping[str, datetime] = field(default_factory=dict)
    recording_notice: str = ""


@dataclass(frozen=True, slots=True)
class LeadView:
    """What the law needs to know of a lead.

    time_zone: IANA names of every place the callee may be, comma-separated; empty: unknown.
    tries: those used up so far, in this campaign. tried_at: when this number was tried by any
    campaign in the last 7 days or more; attempts that never reached the network are left out.
    on_do_not_call: None means that the list could not be asked. do_not_call_list: which one.
    abandoned_at: when a call to this number last found no agent, in any campaign.
    consent_ref: where the proof of consent is; empty: none is known. is_being_called: an attempt
    to this number is under way, in any campaign.
    """

    time_zone: str
    tries: int = 0
    tried_at: Sequence[datetime] = ()
    on_do_not_call: bool | None = None
    not_before: datetime | None = None
    not_after: datetime | None = None
    do_not_call_list: str = ""
    abandoned_at: datetime | None = None
    consent_ref: str = ""
    is_being_called: bool = False


@dataclass(frozen=True, slots=True)
class Permit:
    """The answer. next_change_at: when it becomes the opposite if nothing else happens; None:
    never, or not within `SEARCH_DAYS`. is_final: the lead is over; without it a refusal that has
    no next_change_at (say, an unknown profile) may still be mended by people, so ask again.
    """

    allowed: bool
    rule_id: str
    reason: str
    next_change_at: datetime | None
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class _Block:
    """One rule that says no. until: from when this rule alone says yes; None: never."""

    rule: str
    reason: str
    until: datetime | None


@lru_cache(maxsize=4096)
def known_zones(time_zone: str) -> tuple[ZoneInfo, ...]:
    """Return the zones that a lead's text names; empty if it names none or one that is unknown."""
    zones = []
    for name in time_zone.split(",") if time_zone else []:
        try:
            zones.append(ZoneInfo(name))
        except (KeyError, ValueError, OSError):
            return ()
    return tuple(zones)


def may_call(lead: LeadView, rules: CallingRules, now: datetime) -> Permit:
    """Say whether the lead may be called at that moment, and which rule says so."""
    if now.utcoffset() is None:
        raise ValueError("now needs a time zone")
    profile = rules.profile
    if profile is None:
        reason = "the campaign's calling-hours profile is not known here"
        return Permit(False, "no_profile", reason, None)
    block = _first_block(lead, rules, profile, now)
    if block is None:
        return Permit(
            True, f"{profile.name}/allowed", _why_yes(profile), _end(lead, rules, profile, now)
        )
    change = _first_permitted(lead, rules, profile, block, now)
    is_final = block.rule in _FINAL_RULES
    return Permit(False, f"{profile.name}/{block.rule}", block.reason, change, is_final)


def callable_zones(zones: Iterable[str], rules: CallingRules, now: datetime) -> list[str]:
    """Return, sorted, the lead time zones in which the clock allows a call at that moment.

    Only hours, weekdays and holidays are looked at; each lead still needs `may_call`.
    """
    profile = rules.profile
    if profile is None:
        return []
    open_zones = {
        text
        for text in zones
        if (found := known_zones(text)) and _clock_block(found, rules, profile, now) is None
    }
    return sorted(open_zones)


def _why_yes(profile: Profile) -> str:
    if profile.limits_hours:
        return f"inside the calling hours of {profile.name}"
    return f"{profile.name} limits neither hours nor days ({profile.jurisdiction})"


def _first_block(
    lead: LeadView, rules: CallingRules, profile: Profile, now: datetime
) -> _Block | None:
    zones = known_zones(lead.time_zone)
    if not zones:
        what = f"time zone {lead.time_zone!r} is not known" if lead.time_zone else "no time zone"
        return _Block("time_zone", f"{what}, so nobody can say if the hour is allowed", None)
    return (
        _final_block(lead, rules, now)
        or _campaign_block(rules, profile, now)
        or _not_before_block(lead, now)
        or _abandoned_block(lead, profile, now)
        or _day_block(lead, rules, profile, zones, now)
        or _rolling_block(lead, profile, now)
        or _clock_block(zones, rules, profile, now)
    )


def _final_block(lead: LeadView, rules: CallingRules, now: datetime) -> _Block | None:
    if lead.on_do_not_call is None:
        return _Block("do_not_call_unknown", "the do-not-call list could not be asked", None)
    if lead.on_do_not_call:
        named = f" {lead.do_not_call_list}" if lead.do_not_call_list else ""
        return _Block("do_not_call", f"the number is on the do-not-call list{named}", None)
    if rules.profile is not None and rules.profile.consent_required and not lead.consent_ref:
        return _Block("consent", "there is no reference to a consent", None)
    if lead.tries >= rules.max_tries:
        return _Block("max_tries", f"{lead.tries} of {rules.max_tries} tries are used up", None)
    if lead.is_being_called:
        return _Block("being_called", "the number is being called already", None)
    if lead.not_after is not None and now >= lead.not_after:
        return _Block("not_after", f"not after {_text(lead.not_after)}", None)
    return None


def _campaign_block(rules: CallingRules, profile: Profile, now: datetime) -> _Block | None:
    """What people must mend before anybody is called: stale lists, a missing notice."""
    if profile.recording_notice_required and not rules.recording_notice:
        return _Block("recording_notice", "the campaign has no recording notice", None)
    for name in profile.do_not_call_lists:
        imported_at = rules.lists_imported_at.get(name)
        if imported_at is None:
            return _Block("do_not_call_stale", f"the do-not-call list {name} is not imported", None)
        if now >= imported_at + profile.do_not_call_max_age:
            days = profile.do_not_call_max_age.days
            reason = f"the do-not-call list {name} is older than {days} days"
            return _Block("do_not_call_stale", reason, None)
    return None


def _abandoned_block(lead: LeadView, profile: Profile, now: datetime) -> _Block | None:
    if lead.abandoned_at is None or now >= lead.abandoned_at + profile.abandoned_lock:
        return None
    hours = int(profile.abandoned_lock.total_seconds() // 3600)
    reason = f"less than {hours} hours since a call found no agent"
    return _Block("abandoned_lock", reason, lead.abandoned_at + profile.abandoned_lock)


def _not_before_block(lead: LeadView, now: datetime) -> _Block | None:
    if lead.not_before is None or now >= lead.not_before:
        return None
    return _Block("not_before", f"not before {_text(lead.not_before)}", lead.not_before)


def _day_block(
    lead: LeadView, rules: CallingRules, profile: Profile, zones: Sequence[ZoneInfo], now: datetime
) -> _Block | None:
    limit = min(rules.max_tries_per_day, profile.max_tries_per_day or rules.max_tries_per_day)
    if len(lead.tried_at) < limit:
        return None
    until: datetime | None = None
    for zone in zones:
        today = now.astimezone(zone).date()
        if sum(at.astimezone(zone).date() >= today for at in lead.tried_at) >= limit:
            midnight = _instant(today + _DAY, 0, zone)
            until = midnight if until is None else max(until, midnight)
    if until is None:
        return None
    return _Block("tries_per_day", f"{limit} tries today, as many as a day may have", until)


def _rolling_block(lead: LeadView, profile: Profile, now: datetime) -> _Block | None:
    if not lead.tried_at:
        return None
    ordered = sorted(lead.tried_at)
    gap_ends = ordered[-1] + profile.min_gap
    if now < gap_ends:
        minutes = int(profile.min_gap.total_seconds() // 60)
        return _Block("min_gap", f"less than {minutes} minutes since the last try", gap_ends)
    for rule, limit, span in (
        ("tries_per_24_hours", profile.max_tries_per_24_hours, _DAY),
        ("tries_per_7_days", profile.max_tries_per_7_days, _WEEK),
    ):
        if limit is not None and len(ordered) >= limit and now < ordered[-limit] + span:
            reason = f"{limit} tries in {span.days * 24} hours, as many as there may be"
            return _Block(rule, reason, ordered[-limit] + span)
    return None


def _clock_block(
    zones: Sequence[ZoneInfo], rules: CallingRules, profile: Profile, now: datetime
) -> _Block | None:
    if not profile.limits_hours:
        return None
    blocks = [block for zone in zones if (block := _zone_block(zone, rules.holidays, profile, now))]
    if not blocks:
        return None
    last = max(block.until for block in blocks if block.until is not None)
    return _Block(blocks[0].rule, blocks[0].reason, last)


def _zone_block(
    zone: ZoneInfo, holidays: HolidayCalendar, profile: Profile, now: datetime
) -> _Block | None:
    local = now.astimezone(zone)
    closed = _closed_day(zone.key, local.date(), holidays, profile)
    if closed is not None:
        return _Block(closed[0], closed[1], _instant(local.date() + _DAY, 0, zone))
    if profile.windows is None:
        return None
    minute = local.hour * 60 + local.minute
    if any(window.opens <= minute < window.closes for window in profile.windows):
        return None
    hours = " and ".join(str(window) for window in profile.windows)
    reason = f"{local:%H:%M} in {zone.key} is outside {hours}"
    return _Block("hours", reason, _next_opening(zone, profile, now))


def _closed_day(
    zone: str, day: date, holidays: HolidayCalendar, profile: Profile
) -> tuple[str, str] | None:
    if day.weekday() not in profile.weekdays:
        return "weekday", f"{day} is a {WEEKDAYS[day.weekday()]} in {zone}"
    if not profile.closed_on_holidays:
        return None
    if not holidays.is_known(zone, day):
        return "holidays_unknown", f"the holidays of {zone} in {day.year} are not known"
    if day in holidays.dates[zone]:
        return "holiday", f"{day} is a public holiday in {zone}"
    return None


def _next_opening(zone: ZoneInfo, profile: Profile, now: datetime) -> datetime:
    """Return when the clock next enters a window, whatever day it is."""
    today = now.astimezone(zone).date()
    openings = (
        _instant(today + ahead * _DAY, window.opens, zone)
        for ahead in (0, 1, 2)
        for window in profile.windows or ()
    )
    return next(opening for opening in openings if opening > now)


def _first_permitted(
    lead: LeadView, rules: CallingRules, profile: Profile, block: _Block, now: datetime
) -> datetime | None:
    """Walk from rule to rule until all say yes; None if one never does or it is too far."""
    moment, current = now, block
    for _ in range(_MOST_STEPS):
        if current.until is None or current.until > now + SEARCH_DAYS * _DAY:
            # A date far ahead that somebody has set is still the answer.
            return current.until if current.rule == "not_before" else None
        moment = max(current.until, moment + timedelta(microseconds=1)).astimezone(UTC)
        found = _first_block(lead, rules, profile, moment)
        if found is None:
            return moment
        current = found
    return None


def _end(lead: LeadView, rules: CallingRules, profile: Profile, now: datetime) -> datetime | None:
    """Return when a permit that holds now ends by the clock; None if it does not."""
    ends = [] if lead.not_after is None else [lead.not_after.astimezone(UTC)]
    ends += [
        (rules.lists_imported_at[name] + profile.do_not_call_max_age).astimezone(UTC)
        for name in profile.do_not_call_lists
    ]
    if profile.limits_hours:
        ends += [_closing(zone, profile, now) for zone in known_zones(lead.time_zone)]
    return min(ends, default=None)


def _closing(zone: ZoneInfo, profile: Profile, now: datetime) -> datetime:
    local = now.astimezone(zone)
    minute = local.hour * 60 + local.minute
    for window in profile.windows or ():
        if window.opens <= minute < window.closes:
            return _instant(local.date(), window.closes, zone)
    return _instant(local.date() + _DAY, 0, zone)


def _instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return when the clock of that zone shows that minute of that day (1440: its end), in UTC."""
    wall = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(minutes=minute)
    return wall.astimezone(UTC)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
