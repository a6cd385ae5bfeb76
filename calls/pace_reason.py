"""Why a campaign dials as many lines as it does: a code with figures, worded in both languages."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from types import MappingProxyType


class PaceCode(StrEnum):
    """What decided the pace. The pages word each as `pace.CODE`."""

    STOPPED = "stopped"
    PAUSED = "paused"
    FLOOR_UNKNOWN = "floor_unknown"
    NO_LINK = "no_link"
    REFUSED = "refused"  #: Asterisk refused the last call
    LAW_UNKNOWN = "law_unknown"  #: the campaign's law pack is not there, or cannot be followed
    RECORDS_AWAY = "records_away"  #: abandonment cannot be counted, so nothing is dialled ahead
    NO_CALLABLE_LEAD = "no_callable_lead"
    CALLER_IDS_REST = "caller_ids_rest"  #: every number of the pool rests
    AGENT_DECIDES = "agent_decides"  #: manual and preview: nothing is dialled by itself
    NO_FREE_AGENT = "no_free_agent"
    SERVED = "served"  #: each free agent has a line on the way
    OTHERS_FIRST = "others_first"  #: callers and other campaigns take the free agents
    LINE_LIMIT = "line_limit"
    CAP_REACHED = "cap_reached"
    DIALLING = "dialling"


_C = PaceCode
_TEXTS: Mapping[PaceCode, tuple[str, str]] = MappingProxyType(
    {
        _C.STOPPED: ("the campaign is stopped", "任务已停止"),
        _C.PAUSED: ("the campaign is paused", "任务已暂停"),
        _C.FLOOR_UNKNOWN: ("the state of Asterisk is not known", "Asterisk 状态未知"),
        _C.NO_LINK: ("there is no link to Asterisk for actions", "与 Asterisk 的操作连接不可用"),
        _C.REFUSED: (
            "Asterisk refused the last call; trying again soon",
            "Asterisk 拒绝了上一次呼叫，稍后重试",
        ),
        _C.LAW_UNKNOWN: (
            "the campaign's law pack is not known here or cannot be followed",
            "任务的法规包未知或无法遵守",
        ),
        _C.RECORDS_AWAY: (
            "abandoned calls cannot be counted now, so nothing is dialled ahead",
            "暂时无法统计呼损，不超前外呼",
        ),
        _C.NO_CALLABLE_LEAD: (
            "no lead is due inside its calling hours",
            "没有处于可呼时段的到期名单",
        ),
        _C.CALLER_IDS_REST: (
            "every caller ID of the campaign's pool rests",
            "任务号码池的外显号码均在冷却",
        ),
        _C.AGENT_DECIDES: (
            "in this mode agents start each call",
            "该模式下由坐席发起每次呼叫",
        ),
        _C.NO_FREE_AGENT: ("no agent is free", "没有空闲坐席"),
        _C.SERVED: (
            "each of {idle_agents} free agents has a line on the way",
            "{idle_agents} 名空闲坐席均已有线路在途",
        ),
        _C.OTHERS_FIRST: (
            "callers and other campaigns need the {idle_agents} free agents",
            "{idle_agents} 名空闲坐席由来电或其他任务使用",
        ),
        _C.LINE_LIMIT: (
            "{lines_in_use} of {max_lines} lines are in use",
            "已占用 {lines_in_use} / {max_lines} 条线路",
        ),
        _C.CAP_REACHED: (
            "{abandoned} of {answered} answered calls abandoned, {cap_percent:g} % allowed",
            "接通 {answered} 通中呼损 {abandoned} 通，上限 {cap_percent:g} %",
        ),
        _C.DIALLING: (
            "{idle_agents} free agents, {on_the_way} lines on the way",
            "{idle_agents} 名空闲坐席，{on_the_way} 条线路在途",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class PaceReason:
    """A code and the figures that it was decided by; those that do not matter to it are 0.

    answered, abandoned: of the law's window. cap_percent: abandoned calls allowed in 100 answered.
    """

    code: PaceCode
    idle_agents: int = 0
    on_the_way: int = 0
    lines_in_use: int = 0
    max_lines: int = 0
    answered: int = 0
    abandoned: int = 0
    cap_percent: float = 0.0

    def text(self, language: str = "en") -> str:
        """Word the reason. language: en or zh."""
        english, chinese = _TEXTS[self.code]
        return (chinese if language == "zh" else english).format(**asdict(self))


@dataclass(frozen=True, slots=True)
class CampaignPace:
    """lines: new lines to dial now. because: in English words, the pacer's own where it decided."""

    lines: int
    because: str
    reason: PaceReason

    @classmethod
    def held(cls, code: PaceCode, idle_agents: int = 0) -> "CampaignPace":
        """Dial nothing, for this reason."""
        reason = PaceReason(code, idle_agents=idle_agents)
        return cls(0, reason.text(), reason)
