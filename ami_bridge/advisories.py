"""Known holes of AMI, by Asterisk's version. Pure; sources: Asterisk's security advisories."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

_CERTIFIED = re.compile(r"certified[/-](\d+)\.(\d+)-cert(\d+)")
_RELEASE = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?")

Numbers = tuple[int, ...]


class Needs(Enum):
    """What somebody must have to use the hole."""

    ORIGINATE = "the right to originate, which the actor must have"
    CONFIG = "the right config, which our users do not need"
    REACH = "only that the AMI port can be reached"


@dataclass(frozen=True, slots=True)
class Advisory:
    """One hole. fixed: by major version, the first release without it; newer majors have the fix.

    certified: the same for certified releases, as (major, minor, cert).
    """

    name: str
    what: str
    needs: Needs
    fixed: Mapping[int, Numbers]
    certified: tuple[Numbers, ...] = ()


ADVISORIES = (
    Advisory(
        "CVE-2024-42365",
        "an AMI user who may originate can take the machine over",
        Needs.ORIGINATE,
        {18: (24, 2), 20: (9, 2), 21: (4, 2), 22: (0, 0)},
        ((18, 9, 11), (20, 7, 2)),
    ),
    Advisory(
        "CVE-2023-49294",
        "an AMI user with GetConfig reads any file",
        Needs.CONFIG,
        {18: (20, 1), 20: (5, 1), 21: (0, 1), 22: (0, 0)},
        ((18, 9, 6), (20, 7, 1)),
    ),
    Advisory(
        "GHSA-33x6-fj46-6rfh",
        "an AMI user with ListCategories reads files outside of the configuration",
        Needs.CONFIG,
        {18: (26, 1), 20: (11, 1), 21: (6, 1), 22: (1, 1), 23: (0, 0)},
    ),
    Advisory(
        "GHSA-3rhj-hhw7-m6fw",
        "a failed login can crash Asterisk",
        Needs.REACH,
        {20: (20, 1), 21: (12, 3), 22: (10, 1), 23: (4, 1)},
    ),
)


def holes_of(version: str) -> list[Advisory]:
    """Return the advisories that this version is open to; an unknown version is open to all.

    version: as Asterisk says it, `22.10.0~dfsg-1` or `certified/20.7-cert2`. What a distributor
    mended without a new number cannot be seen.
    """
    if certified := _CERTIFIED.search(version):
        numbers = tuple(int(part) for part in certified.groups())
        return [one for one in ADVISORIES if not _is_certified_fixed(one, numbers)]
    release = _RELEASE.search(version)
    if release is None:
        return list(ADVISORIES)
    major, *rest = (int(part or 0) for part in release.groups())
    return [one for one in ADVISORIES if not _is_fixed(one, major, tuple(rest))]


def _is_fixed(advisory: Advisory, major: int, rest: Numbers) -> bool:
    if major > max(advisory.fixed):
        return True
    return major in advisory.fixed and rest >= advisory.fixed[major]


def _is_certified_fixed(advisory: Advisory, numbers: Numbers) -> bool:
    return any(
        numbers[:2] == fixed[:2] and numbers[2] >= fixed[2] for fixed in advisory.certified
    ) or numbers[0] > max(advisory.fixed)
