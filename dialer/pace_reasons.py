"""Names what decided a pace, from what the pacer saw and said. Pure."""

from calls.campaign import Campaign
from calls.pace_reason import CampaignPace, PaceCode, PaceReason
from dialer.pacing import Pace, PacingView


def explain_pace(pace: Pace, view: PacingView, campaign: Campaign) -> CampaignPace:
    """Return the pace with its reason as a code and figures."""
    on_the_way = len(view.ringing_seconds) + view.waiting_calls
    in_use = on_the_way + len(view.talking_seconds)
    reason = PaceReason(
        _code(pace, view, campaign, in_use),
        idle_agents=view.idle_agents,
        on_the_way=on_the_way,
        lines_in_use=in_use,
        max_lines=campaign.max_lines,
        answered=view.answered_in_window,
        abandoned=view.abandoned_in_window,
        cap_percent=round(100 * campaign.max_abandonment, 3),
    )
    return CampaignPace(pace.lines, pace.because, reason)


def _code(pace: Pace, view: PacingView, campaign: Campaign, in_use: int) -> PaceCode:
    if pace.lines > 0:
        return PaceCode.DIALLING
    if in_use >= campaign.max_lines:
        return PaceCode.LINE_LIMIT
    if view.idle_agents <= 0:
        return PaceCode.NO_FREE_AGENT
    if view.abandoned_in_window > campaign.max_abandonment * view.answered_in_window:
        return PaceCode.CAP_REACHED
    return PaceCode.SERVED
