"""The web part of the running service: fits the pages' ports to the parts that exist."""

import asyncio
from dataclasses import dataclass

from ami_bridge.switch import AsteriskSwitch
from config.settings import Settings
from dialer.live_floor import LiveFloor
from dialer.loop import Dialer
from store.campaigns import CampaignStore
from store.database import Database


@dataclass(frozen=True, slots=True)
class WebParts:
    """What the pages stand on."""

    settings: Settings
    database: Database
    live: LiveFloor
    dialer: Dialer
    campaigns: CampaignStore
    switch: AsteriskSwitch


async def run_web(parts: WebParts) -> None:
    """Serve the pages, for ever."""
    await asyncio.Event().wait()
