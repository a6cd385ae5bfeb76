"""The demo's call lists: numbers of the numbering plan, with people and firms around them."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

MAIN_CAMPAIGN = "demo"
AMD_CAMPAIGN = "demo-amd"
AGENT_NAMES = ("李娜", "王芳", "张伟", "刘洋", "Anna Weber", "陈静", "杨磊", "Tom Reed")


@dataclass(frozen=True, slots=True)
class SampleLead:
    """One row of a sample call list. number: E.164; what it does is in docs/numbering_plan.md."""

    campaign: str
    number: str
    company: str
    contact: str
    industry: str
    chain_role: str
    province: str
    city: str


COLUMNS = (
    "external_id", "company", "contact", "phone", "industry", "chain_role", "province", "city",
    "consent_ref",
)  # fmt: skip
# Scenario and time parameter; one of each comes first, so that a short list has every outcome too.
_EACH_ONCE = (
    ("01", 62), ("03", 45), ("10", 5), ("40", 10), ("31", 0), ("50", 30), ("70", 8), ("71", 10),
    ("42", 8), ("20", 5), ("21", 5), ("22", 5), ("23", 5), ("30", 15), ("43", 5), ("44", 5),
    ("51", 10), ("60", 0), ("61", 0), ("80", 25), ("81", 0), ("11", 3), ("12", 3), ("41", 8),
    ("02", 3), ("04", 5),
)  # fmt: skip
_FILLING = (
    ("01", 8), ("03", 12), ("01", 25), ("40", 6), ("03", 38), ("01", 44), ("10", 4), ("03", 55),
    ("01", 70), ("31", 0), ("03", 5), ("01", 33), ("42", 5), ("03", 41), ("01", 52), ("21", 6),
    ("71", 10), ("03", 20), ("01", 15), ("70", 7),
)  # fmt: skip
_AMD_SCENARIOS = frozenset({"70", "71"})
_FIRMS = ("华东五金", "岭南纺织", "江浙包装", "北方机电", "西南建材", "闽台食品", "沪上化工")
_PEOPLE = ("陈经理", "林女士", "黄先生", "周主任", "吴小姐", "郑总", "孙先生")
_INDUSTRIES = ("五金", "纺织", "包装", "机电", "建材", "食品", "化工")
_PLACES = (("浙江", "杭州"), ("广东", "广州"), ("江苏", "苏州"), ("山东", "青岛"), ("四川", "成都"))


def sample_leads(count: int) -> list[SampleLead]:
    """Return a list of so many leads, always the same one; each number is there once."""
    return [_lead(serial) for serial in range(count)]


def _lead(serial: int) -> SampleLead:
    first = len(_EACH_ONCE)
    scenario, parameter = (
        _EACH_ONCE[serial] if serial < first else _FILLING[(serial - first) % len(_FILLING)]
    )
    province, city = _PLACES[serial % len(_PLACES)]
    return SampleLead(
        campaign=AMD_CAMPAIGN if scenario in _AMD_SCENARIOS else MAIN_CAMPAIGN,
        number=f"+86139{scenario}{parameter:03d}{serial:03d}",
        company=f"{_FIRMS[serial % len(_FIRMS)]}{serial:03d}",
        contact=_PEOPLE[serial * 3 % len(_PEOPLE)],
        industry=_INDUSTRIES[serial % len(_INDUSTRIES)],
        chain_role="采购" if serial % 2 else "供应",
        province=province,
        city=city,
    )


def write_list(path: Path, leads: Iterable[SampleLead], campaign: str) -> int:
    """Write one campaign's leads as a call list; return how many there were."""
    chosen: Sequence[SampleLead] = [lead for lead in leads if lead.campaign == campaign]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for row, lead in enumerate(chosen, 1):
            writer.writerow(
                (f"D{row:04d}", lead.company, lead.contact, lead.number, lead.industry,
                 lead.chain_role, lead.province, lead.city, "demo"),
            )  # fmt: skip
    return len(chosen)
