"""What each figure means, in one line, in both languages. The reports print nothing without it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Definition:
    """One measure. measure: the field's name in reports and API."""

    measure: str
    name_en: str
    name_zh: str
    text_en: str
    text_zh: str


AGENT_DAY = (
    Definition(
        "attempts",
        "Attempts",
        "呼出量",
        "Outbound calls that the network took; our own failures do not count.",
        "网络已受理的外呼次数；我方系统或线路故障不计。",
    ),
    Definition(
        "answered",
        "Answered",
        "接通量",
        "Attempts that the customer's side answered, machines and forwarded calls included.",
        "客户侧已应答的呼出，含应答机与呼转。",
    ),
    Definition(
        "valid",
        "Valid calls",
        "有效呼叫",
        "Answered calls with at least the rule's short-call floor of talk (standard-1: 5 s).",
        "已接通且通话时长不低于规则短呼下限的呼叫（standard-1：5 秒）。",
    ),
    Definition(
        "effective",
        "Effective calls",
        "有效通话",
        "Answered calls with at least the rule's threshold of talk (standard-1: 180 s; "
        "179.999999 s is none), credited to the agent who talked longest.",
        "已接通且通话时长达到规则阈值的呼叫（standard-1：180 秒，179.999999 秒不算），"
        "计入通话最长的坐席。",
    ),
    Definition(
        "talk",
        "Talk",
        "通话时长",
        "Time in which customer and agent were in one bridge; shared out, no moment counted twice.",
        "客户与坐席处于同一桥接的时间；多坐席时按时段分摊，不重复计算。",
    ),
    Definition(
        "effective_talk",
        "Effective talk",
        "有效通话时长",
        "Talk of the effective calls only, credited as they are.",
        "仅有效通话的通话时长，归属与有效通话一致。",
    ),
)
"""The measures of the agent-day and campaign-day reports, in their order."""
