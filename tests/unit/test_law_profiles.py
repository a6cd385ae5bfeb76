"""Profiles are data: what is not understood is refused, naming profile and key."""

import pytest

from dialer.calling_profiles import ProfileError, load_profiles, parse_profiles

GOOD = 'weekdays = ["mon"]\nholidays = "ignored"\n'


def test_the_profiles_that_come_with_us_can_be_read() -> None:
    profiles = load_profiles()

    assert {"standard-1", "insurance-1", "always-1"} <= profiles.keys()
    assert not profiles["always-1"].limits_hours
    assert [str(window) for window in profiles["standard-1"].windows or ()] == [
        "09:00-12:00",
        "14:00-20:00",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[x\n", "calling hours: "),
        ("[x]\n" + GOOD + 'windows = ["9-12"]', "x.windows: '9-12' is not like"),
        ("[x]\n" + GOOD + 'windows = ["12:00-09:00"]', "x.windows: '12:00-09:00': "),
        ("[x]\n" + GOOD + 'windows = ["09:00-24:01"]', "x.windows: '09:00-24:01': "),
        ("[x]\n" + GOOD + "windows = []", "x.windows: is empty"),
        ("[x]\n" + GOOD + 'windows = ["09:00-12:00", "11:00-13:00"]', "09:00-12:00 and 11:00"),
        ('[x]\nweekdays = ["mo"]\nholidays = "ignored"', "x.weekdays"),
        ('[x]\nholidays = "ignored"', "x.weekdays"),
        ('[x]\nweekdays = ["mon"]', "x.holidays: None is neither"),
        ("[x]\n" + GOOD + "max_tries_per_day = 0", "x.max_tries_per_day: 0 is not"),
        ("[x]\n" + GOOD + "max_tries_a_day = 2", "x: unknown key max_tries_a_day"),
    ],
)
def test_what_is_not_understood_is_refused(text: str, message: str) -> None:
    with pytest.raises(ProfileError) as raised:
        parse_profiles(text)
    assert message in str(raised.value)
