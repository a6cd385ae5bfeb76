"""Why a call that an agent asked for is not made: a rule, until when, words in two languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

_SEAT: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "floor_unknown": ("the state of Asterisk is not known", "Asterisk 状态未知"),
        "no_link": ("Asterisk cannot be reached", "无法连接 Asterisk"),
        "stopping": ("the service is being stopped", "服务正在停止"),
        "not_signed_in": ("you are not signed in to a queue", "您尚未签入队列"),
        "other_queue": ("the campaign belongs to another queue", "该任务属于其他队列"),
        "in_call": ("you are in a call", "您正在通话"),
        "wrap_up": ("the last call is not wrapped up", "上一通电话尚未处理完"),
        "own_call": ("a call of yours is being dialled", "正在为您呼叫另一位客户"),
        "unreachable": ("your telephone cannot be reached", "您的话机不可达"),
        "busy": ("your telephone is in use", "您的话机占用中"),
        "no_campaign": ("there is no such campaign", "没有该任务"),
        "no_lead": ("there is no such lead in the campaign", "任务中没有该名单"),
        "not_shown": ("this lead is not shown to you any more", "该名单已不再分配给您"),
        "caller_ids_rest": ("every caller ID of the campaign rests", "任务的外显号码均在冷却"),
        "skip_limit": ("no more leads may be skipped in a row", "已达连续跳过上限"),
    }
)
_RULES_ZH: Mapping[str, str] = MappingProxyType(
    {
        "time_zone": "时区未知，无法判断可呼时段",
        "do_not_call_unknown": "无法查询禁呼名单",
        "do_not_call": "号码在禁呼名单中",
        "consent": "没有客户同意的凭据",
        "max_tries": "呼叫次数已用完",
        "tries_used_up": "呼叫次数已用完",
        "being_called": "正在呼叫该客户",
        "not_after": "已过允许呼叫的期限",
        "not_before": "未到允许呼叫的时间",
        "recording_notice": "任务没有录音告知",
        "do_not_call_stale": "禁呼名单未导入或已过期",
        "abandoned_lock": "呼损后的锁定期内",
        "tries_per_day": "今日呼叫次数已达上限",
        "tries_per_24_hours": "24 小时内呼叫次数已达上限",
        "tries_per_7_days": "7 天内呼叫次数已达上限",
        "min_gap": "距上次呼叫间隔不足",
        "hours": "不在可呼时段",
        "weekday": "当天不可呼叫",
        "holiday": "法定节假日",
        "holidays_unknown": "当地节假日未知",
        "no_profile": "任务的法规包未知",
        "not_due": "未到下次呼叫时间",
        "caller_ids_rest": "任务号码池的外显号码均在冷却",
        "answered": "该名单已接通并结束",
        "stopped": "任务已停止",
        "paused": "任务已暂停",
    }
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """rule: PACK/RULE, list/RULE, campaign/RULE or seat/RULE. until: when it changes by itself."""

    rule: str
    reason: str
    until: datetime | None = None

    @classmethod
    def of_seat(cls, code: str) -> "Refusal":
        """Name what is in the way of the agent, not of the customer."""
        return cls(f"seat/{code}", _SEAT[code][0])

    def text(self, language: str = "en") -> str:
        """Word it. language: en or zh; a rule without Chinese words keeps the English ones."""
        if language != "zh":
            return self.reason
        code = self.rule.rpartition("/")[2]
        return _SEAT[code][1] if code in _SEAT else _RULES_ZH.get(code, self.reason)
