"""The composition root of `callfloor serve`: makes every part and joins them through ports."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import structlog

from ami_bridge.parameters import AmiAddress
from ami_bridge.switch import AsteriskSwitch
from cdr_ingest.ingest import Ingester
from cdr_ingest.nightly import Nightly
from cdr_ingest.recording_round import RecordingRound
from cli.ami_records import keep_ami_records
from cli.asterisks import WatchedAsterisk
from cli.clock import SystemClock
from cli.dialing_port import DialingPort
from cli.embedded_watch import watch_embedded
from cli.holidays_port import holidays_around
from cli.lanes import Lane, Lanes, Shared
from cli.leadership import Leadership, StoodDown
from cli.pause_log import PauseLog
from cli.record_figures import RecordFigures
from cli.records_port import RecordsPort
from cli.supervision import Supervisor
from cli.web_service import WebParts, web_serving
from cli.why import law_packs
from config.settings import OtherAsterisk, Settings
from config.timeouts import SHUTDOWN_SAVE_SECONDS
from dialer.caller_id_desk import CallerIdDesk
from dialer.live_floor import LiveFloor
from dialer.pace_journals import PaceJournals
from dialer.rule_book import RuleBook
from store.abandonment import AbandonmentStore
from store.asked_calls import AskedCallStore
from store.attempts import AttemptStore
from store.callbacks import CallbackStore
from store.caller_ids import CallerIdStore
from store.campaigns import CampaignStore
from store.database import Database
from store.desk import DeskStore
from store.embedded import EmbeddedPostgres
from store.errors import StoreError

log = structlog.get_logger("cli.service")
DEFAULT_AMI_PORT = 5038


def ami_address(settings: Settings) -> AmiAddress:
    """Return where Asterisk is and who we are there."""
    return other_address(
        OtherAsterisk(
            url=settings.ami_url,
            reader=settings.ami_reader,
            reader_secret=settings.ami_reader_secret,
            actor=settings.ami_actor,
            actor_secret=settings.ami_actor_secret,
            tls_ca_file=settings.ami_tls_ca_file,
        )
    )


def _journals(settings: Settings) -> PaceJournals:
    named = settings.dialer_pace_journal
    return PaceJournals(Path(named).expanduser() if named else None)


def other_address(asterisk: OtherAsterisk) -> AmiAddress:
    """Return the same of one more Asterisk."""
    parts = urlsplit(asterisk.url)
    return AmiAddress(
        host=parts.hostname or "127.0.0.1",
        port=parts.port or DEFAULT_AMI_PORT,
        reader_user=asterisk.reader,
        reader_secret=asterisk.reader_secret.get_secret_value(),
        actor_user=asterisk.actor,
        actor_secret=asterisk.actor_secret.get_secret_value(),
        tls=parts.scheme == "amis",
        tls_ca_file=asterisk.tls_ca_file or None,
    )


class Service:
    """All parts of one running service; it dials through one or several Asterisks.

    embedded: None for a named server.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        switch: AsteriskSwitch,
        embedded: EmbeddedPostgres | None,
        *,
        stands_by: bool = False,
    ) -> None:
        self.settings = settings
        self.embedded = embedded
        self.database = database
        self.switch = switch
        self.watched = [
            WatchedAsterisk(name, AsteriskSwitch(other_address(other), name=name))
            for name, other in settings.ami_others.items()
        ]
        clock = SystemClock()
        self.clock = clock
        self.campaigns = CampaignStore(database)
        self.journals = _journals(settings)
        named = settings.asterisk_cel_ledger
        ledger = Path(named) if named else None
        self.leadership = Leadership(database, clock, stands_by=stands_by)
        self.ingester = Ingester(
            database,
            ledger,
            lambda: self.lanes.live_calls(),
            clock.now,
            link_lost_at=lambda: self.lanes.link_lost_at(),
            time_zone=settings.asterisk_time_zone,
        )
        self.nightly = Nightly(
            database, self.ingester, ledger, clock.now,
            time_zone=settings.asterisk_time_zone, cel_days=settings.asterisk_cel_days,
        )  # fmt: skip
        self.record_figures = RecordFigures(database)
        self.pause_log = PauseLog(database)
        recorded = settings.asterisk_recordings_folder
        self.recordings = RecordingRound(database, Path(recorded), clock.now) if recorded else None
        asked, callbacks, attempts = (
            AskedCallStore(database),
            CallbackStore(database),
            AttemptStore(database),
        )
        shared = self._shared(ledger, asked, callbacks, attempts)
        self.lanes = self._lanes(shared)
        for lane in self.lanes.all:
            lane.live.listen(self.pause_log.note)
        self.live, self.dialer = self.lanes.all[0].live, self.lanes.all[0].dialer
        self.dialing = DialingPort(
            self.lanes, asked, callbacks, attempts, DeskStore(database), shared.rule_book,
        )  # fmt: skip

    def _shared(
        self,
        ledger: Path | None,
        asked: AskedCallStore,
        callbacks: CallbackStore,
        attempts: AttemptStore,
    ) -> Shared:
        database, packs = self.database, law_packs(self.settings)
        return Shared(
            attempts=attempts,
            wishes=self.campaigns,
            pauses=self.campaigns,
            asked=asked,
            callbacks=callbacks,
            records=RecordsPort(database, lambda: self.ingester.run_once(self.clock.now()), ledger),
            abandonments=AbandonmentStore(database),
            clock=self.clock,
            holidays=holidays_around,
            find_pack=packs.get,
            journals=self.journals,
            rule_book=RuleBook(attempts, holidays_around, packs.get),
            caller_ids=CallerIdDesk(CallerIdStore(database), self.clock.now),
        )

    def _lanes(self, shared: Shared) -> Lanes:
        """Make the first Asterisk's lane, and one for each other that has trunks."""
        trunks = {one.name: self.settings.ami_others[one.name].trunks for one in self.watched}
        elsewhere = frozenset[str]().union(*trunks.values())
        self.others = {one.name: one for one in self.watched if trunks[one.name]}
        lanes = [Lane(self.switch, LiveFloor(), shared, lambda trunk: trunk not in elsewhere)]
        for name, other in self.others.items():
            lane = Lane(other.switch, other.live, shared, trunks[name].__contains__)
            other.follow = lane.dialer.follow
            lanes.append(lane)
        return Lanes(lanes)

    async def run(self, stop: asyncio.Event) -> None:
        """Run every part until `stop`, then let the calls finish and save what is known."""
        # One that stands by follows the floor, too, so that it knows it when it takes over.
        async with Supervisor() as following:
            following.start("facts", self.dialer.follow())
            try:
                await self._lead(stop, following)
            except StoodDown:
                log.info("service.stood_down")
            finally:
                self.journals.close()

    async def _lead(self, stop: asyncio.Event, following: Supervisor) -> None:
        never = asyncio.Event()
        # The pages come first: a port that is taken must be known before anybody is dialled.
        async with (
            self.leadership.held(stop),
            web_serving(self._web_parts()) as address,
            Supervisor() as parts,
        ):
            parts.start("leadership", self.leadership.guard())
            if self.embedded is not None:
                watch = watch_embedded(self.embedded, self.campaigns.campaigns, self.clock)
                parts.start("postgres", watch)
            parts.start("facts", following.watch(never))
            for name, lane in zip(("", *self.others), self.lanes.all, strict=True):
                lane.start(parts, name)
            parts.start("ingest", self.ingester.run(never))
            parts.start("nightly", self.nightly.run(never))
            parts.start("record figures", self.record_figures.run())
            parts.start("pause log", self.pause_log.run())
            if self.settings.asterisk_ami_records:
                parts.start("ami records", self._ami_records())
            if self.recordings is not None:
                parts.start("recordings", self.recordings.run(never))
            for other in self.watched:
                parts.start(f"asterisk {other.name}", other.run())
            log.info("service.ready", web=address)
            await parts.watch(stop)
            await self._finish()

    def _ami_records(self) -> Coroutine[Any, Any, None]:
        zone = ZoneInfo(self.settings.asterisk_time_zone)
        return keep_ami_records(self.database, ami_address(self.settings), zone)

    async def _finish(self) -> None:
        limit, lanes = self.settings.dialer_drain_seconds, self.lanes.all
        calls = sum(len(lane.live.floor.calls) for lane in lanes)
        log.info("service.stopping", calls=calls, limit_seconds=limit)
        await asyncio.gather(*(lane.dialer.stop(limit) for lane in lanes))
        try:
            async with asyncio.timeout(SHUTDOWN_SAVE_SECONDS):
                for lane in lanes:
                    await lane.settler.drain()
                await self.ingester.run_once(self.clock.now())
        except (TimeoutError, StoreError) as error:
            # Nothing is lost: the next run settles what is open from Asterisk's records.
            log.warning("service.stopped_unsaved", problem=str(error) or "the database is away")
        log.info("service.stopped", calls_left=sum(len(lane.dialer.state.open) for lane in lanes))

    def _web_parts(self) -> WebParts:
        return WebParts(
            self.settings,
            self.database,
            self.lanes,
            self.campaigns,
            self.switch,
            ami_address(self.settings),
            self.dialing,
            self.watched,
            [self.record_figures],
        )


def stop_on_signals() -> asyncio.Event:
    """Return an event that SIGTERM and SIGINT set; the second one ends the process at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def on_signal() -> None:
        if stop.is_set():
            raise SystemExit(1)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, on_signal)
    return stop


@asynccontextmanager
async def open_switch(
    settings: Settings, make: Callable[[AmiAddress], AsteriskSwitch] = AsteriskSwitch
) -> AsyncIterator[AsteriskSwitch]:
    """Give a connected switch; raises AmiError in one clear line where that fails at once."""
    switch = make(ami_address(settings))
    await switch.start()
    try:
        yield switch
    finally:
        await switch.close()


async def serve(
    settings: Settings,
    database: Database,
    embedded: EmbeddedPostgres | None,
    *,
    stands_by: bool = False,
) -> None:
    """Run the whole service until a signal. stands_by: wait while another one leads."""
    stop = stop_on_signals()
    async with open_switch(settings) as switch:
        await Service(settings, database, switch, embedded, stands_by=stands_by).run(stop)
