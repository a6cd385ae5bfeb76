"""A whole floor with browsers as telephones, and ears: what each side hears is measured."""

import asyncio
import math
import re
import struct
import time
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import ClientSession
from playwright.async_api import Browser, BrowserContext, Page, Playwright, WebSocket, expect

from cli.demo_floor import DemoFloor, DemoPlan
from lab.instance import Instance
from lab.sample_list import MAIN_CAMPAIGN, SampleLead
from store.database import Database
from tests.browser.conftest import CHROMIUM_FLAGS, chromium_path
from tests.fakes.web_services import client, post_json, sign_in

CUSTOMER_HZ = 450  # the lab's carrier plays this to whoever talks
AGENT_HZ = 1000
SUPERVISOR_HZ = 1700
SAMPLE_RATE = 48_000
LOUD = 0.005  # of full scale; silence and comfort noise are far below
AGENT_PASSWORD = "a password of an agent"


def write_tone(path: Path, hertz: int, seconds: float = 4.0) -> Path:
    """Write a tone as what a microphone hears; Chromium plays it again and again.

    It swells four times a second as syllables do: a steady tone is noise to the browser, which
    would suppress it.
    """
    count = int(seconds * SAMPLE_RATE)
    turns = (2 * math.pi * n / SAMPLE_RATE for n in range(count))
    samples = (round(16_000 * math.sin(2 * turn) ** 2 * math.sin(hertz * turn)) for turn in turns)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(struct.pack(f"<{count}h", *samples))
    return path


def loudness(path: Path, hertz: int) -> float:
    """Return the amplitude of one frequency in a recording, 0 to 1 (Goertzel, 1958)."""
    with wave.open(str(path), "rb") as file:
        rate, frames = file.getframerate(), file.readframes(file.getnframes())
    samples = struct.unpack(f"<{len(frames) // 2}h", frames)
    if not samples:
        return 0.0
    # By tenths of a second, the loudest: a record begins and ends with silence.
    size = rate // 10
    windows = [samples[at : at + size] for at in range(0, len(samples) - size, size)]
    return max((_goertzel(window, hertz / rate) for window in windows), default=0.0)


def _goertzel(samples: tuple[int, ...], cycles: float) -> float:
    coefficient = 2 * math.cos(2 * math.pi * cycles)
    one = two = 0.0
    for sample in samples:
        one, two = sample / 32768 + coefficient * one - two, one
    power = one * one + two * two - coefficient * one * two
    return 2 * math.sqrt(max(power, 0.0)) / len(samples)


HEARD = """async (wanted) => {
    const sides = [...document.querySelectorAll("audio[data-phone]")]
        .map((audio) => audio.srcObject)
        .filter((stream) => stream !== null && stream.getAudioTracks().length > 0);
    if (sides.length === 0) return wanted.map(() => 0);
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 8192;
    analyser.smoothingTimeConstant = 0;
    for (const side of sides) context.createMediaStreamSource(side).connect(analyser);
    const bins = new Float32Array(analyser.frequencyBinCount);
    const width = context.sampleRate / analyser.fftSize;
    const loudest = wanted.map(() => 0);
    for (let look = 0; look < 12; look++) {
        await new Promise((done) => setTimeout(done, 90));
        analyser.getFloatFrequencyData(bins);
        wanted.forEach((hertz, index) => {
            const at = Math.round(hertz / width);
            const now = 10 ** (Math.max(...bins.slice(at - 2, at + 3)) / 20);
            loudest[index] = Math.max(loudest[index], now);
        });
    }
    await context.close();
    return loudest;
}"""


# Every connection of the page, so that a test can tell why nothing is heard.
KEEP_CONNECTIONS = """() => {
    window.connections = [];
    const Original = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Original {
        constructor(...given) { super(...given); window.connections.push(this); }
    };
}"""

EAR = """async () => {
    const context = new AudioContext();
    const told = [`audio context ${context.state}`];
    await context.close();
    for (const connection of window.connections) {
        const { iceConnectionState, connectionState, signalingState } = connection;
        told.push(`ice ${iceConnectionState}, dtls ${connectionState}, ${signalingState}`);
        for (const one of (await connection.getStats()).values()) {
            const { type, state, address, port } = one;
            if (type === "inbound-rtp") told.push(`in ${one.packetsReceived}`);
            if (type === "outbound-rtp") told.push(`out ${one.packetsSent}`);
            if (type === "candidate-pair" && one.nominated) told.push(`pair ${state}`);
            if (type.endsWith("-candidate")) told.push(`${type} ${address}:${port}`);
        }
    }
    return told.join("; ");
}"""


async def heard_in_page(page: Page, *hertz: int) -> list[float]:
    """Return how loud the page's phone hears each frequency now."""
    found: list[float] = await page.evaluate(HEARD, list(hertz))
    return found


async def wait_heard(page: Page, hertz: int, seconds: float = 45.0) -> list[float]:
    """Wait until the page's phone hears this frequency."""
    deadline = time.monotonic() + seconds
    while (heard := await heard_in_page(page, hertz))[0] < LOUD:
        if time.monotonic() > deadline:
            pytest.fail(f"{hertz} Hz is not heard: {heard}; {await page.evaluate(EAR)}")
    return heard


async def record_at_carrier(instance: Instance, name: str, seconds: float = 1.5) -> Path:
    """Record what the customer hears on the only call of the carrier."""
    shown = await asyncio.to_thread(instance.console, "core show channels concise")
    (channel,) = [line.split("!")[0] for line in shown.splitlines() if line.startswith("PJSIP/")]
    path = instance.folder / "spool" / f"{name}.wav"
    inside = instance.tree.inside(path)
    both = f"{inside.removesuffix('.wav')}-both.wav"
    start = f"mixmonitor start {channel} {both},r({inside})"
    await asyncio.to_thread(instance.console, start)
    await asyncio.sleep(seconds)  # audio takes its time
    await asyncio.to_thread(instance.console, f"mixmonitor stop {channel}")
    return path


async def press_keys(page: Page, keys: str) -> None:
    """Press keys of the page's keypad at a human's pace: each tone lasts a tenth of a second."""
    await page.get_by_role("button", name="Keypad").click()
    keypad = page.get_by_role("group", name="Keypad")
    for key in keys:
        await keypad.get_by_role("button", name=key, exact=True).click()
        await page.wait_for_timeout(300)


async def typed_at(carrier: Instance, seconds: float = 10.0) -> str:
    """Return the keys that the far end read, once no more have come for a second."""
    deadline, typed = time.monotonic() + seconds, ""
    while time.monotonic() < deadline:
        shown = await asyncio.to_thread(carrier.console, "dialplan show globals")
        now = "".join(re.findall(r"^\s*TYPED=(.*)$", shown, re.MULTILINE)).strip()
        if now and now == typed:
            return now
        typed = now
        await asyncio.sleep(1)
    return typed


async def own_addresses(page: Page) -> set[str]:
    """Return where the page's phone may send its audio from, as SDP says it."""
    script = "() => window.connections.at(-1).localDescription.sdp"
    return candidates(await page.evaluate(script))


def candidates(sdp: str) -> set[str]:
    """Return the addresses that a session description names."""
    return set(re.findall(r"^a=candidate:\S+ \d udp \d+ (\S+ \d+)", sdp, re.MULTILINE))


@dataclass
class Staff:
    """A floor whose people work in browsers. floor: everything else."""

    floor: DemoFloor
    database: Database
    playwright: Playwright
    operations: ClientSession
    browsers: list[Browser]
    sent: list[str] = field(default_factory=list)  # what the pages' phones said to Asterisk

    async def hire(self, login: str, role: str, endpoint: str) -> None:
        """Make an account with a working phone."""
        body = {
            "login": login,
            "password": AGENT_PASSWORD,
            "role": role,
            "agent": endpoint,
            "name": login,
        }
        await post_json(self.operations, "/api/v1/accounts", body)

    async def browse(self, login: str, hertz: int) -> Page:
        """Open a browser whose microphone hears a tone, signed in."""
        tone = write_tone(self.floor.folder / f"{login}.wav", hertz)
        browser = await self.playwright.chromium.launch(
            executable_path=chromium_path(),
            args=[
                *CHROMIUM_FLAGS,
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-audio-capture={tone}",
                "--autoplay-policy=no-user-gesture-required",
            ],
        )
        self.browsers.append(browser)
        context: BrowserContext = await browser.new_context(
            locale="en-US", viewport={"width": 1440, "height": 900}
        )
        context.set_default_timeout(15_000)
        page = await context.new_page()
        page.on("websocket", self._keep_sent)
        await page.add_init_script(f"({KEEP_CONNECTIONS})()")
        await page.goto(self.floor.url)
        await page.get_by_label("Login").fill(login)
        await page.get_by_label("Password").fill(AGENT_PASSWORD)
        await page.get_by_role("button", name="Sign in").click()
        return page

    def _keep_sent(self, socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: self.sent.append(str(frame)))


@asynccontextmanager
async def staffed_floor(
    playwright: Playwright, *leads: SampleLead, robots: int = 1
) -> AsyncIterator[Staff]:
    """Start a floor; the last of its robots sits in another queue than the people."""
    with DemoFloor(DemoPlan(leads, agents=robots)) as floor:
        floor.start_world()
        database = await Database.open(floor.database_url, max_connections=4)
        await floor.seed(database)
        floor.start_service()
        async with client(floor.url) as operations:
            assert await sign_in(operations, "operations", floor.supervisor_password) == 200
            staff = Staff(floor, database, playwright, operations, [])
            try:
                yield staff
            finally:
                for browser in staff.browsers:
                    await browser.close()
                await database.close()


def lead(number: str) -> SampleLead:
    """Make a lead of the main campaign."""
    return SampleLead(MAIN_CAMPAIGN, number, "华东五金", "陈经理", "五金", "供应商", "浙江", "杭州")


async def be_ready(page: Page) -> None:
    """Wait for the telephone, and take calls."""
    await expect(page.locator('[data-phone="registered"]')).to_be_visible()
    await page.get_by_role("button", name="Ready").click()
    await expect(page.locator('[data-state="ready"]')).to_be_visible()


async def talks(page: Page) -> None:
    """Wait until the page's phone and the floor both say that a call is up."""
    await expect(page.locator('[data-call="talking"]')).to_be_visible(timeout=60_000)
    await expect(page.locator('[data-state="talking"]')).to_be_visible(timeout=60_000)


MASKED = re.compile(r"\+86139\*{4}\d{4}")
