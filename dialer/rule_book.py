"""The rules of a campaign at this moment, for everyone who judges a lead outside the tick."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from calls.campaign import Campaign
from dialer.calling_profiles import Profile
from dialer.campaign_rules import lawful, rules_of
from dialer.law import CallingRules, HolidayCalendar, callable_zones
from dialer.ports import Attempts

Holidays = Callable[[Sequence[str], datetime], HolidayCalendar]


class RuleBook:
    """Law packs, holidays and the age of imported lists, looked up anew each time."""

    def __init__(
        self, attempts: Attempts, holidays: Holidays, find_pack: Callable[[str], Profile | None]
    ) -> None:
        self._attempts = attempts
        self._holidays = holidays
        self._find_pack = find_pack

    async def lists(self) -> Mapping[str, datetime]:
        """Return when each imported list was last brought up to date."""
        return await self._attempts.lists_imported_at()

    def rules(
        self,
        campaign: Campaign,
        zones: Sequence[str],
        lists: Mapping[str, datetime],
        now: datetime,
    ) -> CallingRules:
        """Return the rules for leads of these time zones."""
        pack = self._find_pack(campaign.calling_hours)
        return rules_of(campaign, pack, self._holidays(zones, now), lists)

    async def may_promise(self, campaign: Campaign, time_zone: str, at: datetime) -> bool:
        """Whether the law's clock allows a call to a lead of this time zone at that moment."""
        rules = self.rules(campaign, [time_zone], await self.lists(), at)
        return bool(callable_zones([time_zone], rules, at))

    def lawful(self, campaign: Campaign) -> Campaign:
        """Return the campaign as its law lets it dial."""
        pack = self._find_pack(campaign.calling_hours)
        return campaign if pack is None else lawful(campaign, pack)
