"""The rules that one campaign's calls obey: its law pack and its own limits. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from calls.campaign import Campaign
from dialer.calling_profiles import Profile
from dialer.law import CallingRules, HolidayCalendar


def rules_of(
    campaign: Campaign,
    pack: Profile | None,
    holidays: HolidayCalendar,
    lists_imported_at: Mapping[str, datetime],
) -> CallingRules:
    """Return the rules; both the dialer and `callfloor why` judge by these."""
    return CallingRules(
        profile=pack,
        max_tries=campaign.max_tries,
        max_tries_per_day=campaign.max_tries_per_day,
        holidays=holidays,
        lists_imported_at=lists_imported_at,
        recording_notice=campaign.recording_notice,
    )


def lawful(campaign: Campaign, pack: Profile) -> Campaign:
    """Return the campaign as the law lets it dial: it rings at least as long as the pack wants."""
    ring_seconds = max(campaign.ring_seconds, pack.min_ring_seconds)
    return replace(campaign, ring_seconds=ring_seconds)
