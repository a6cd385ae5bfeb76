"""Time from a fact at the bridge to a pixel: 500 calls, 200 agents, 20 boards; first loads.

The floor is the real one, fed with made-up facts; server, pages and Chromium are real. A mark is
seen when the frame that shows it was painted (requestAnimationFrame, then a message). Baseline: a
page that asks for the whole floor once a second, as VICIdial's does. Ends with 1 over the limits.
"""

import argparse
import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

from aiohttp import ClientSession, CookieJar
from playwright.async_api import Browser, Page, async_playwright

from bench.live.crowd import Crowd
from calls.ids import AgentId
from tests.browser.conftest import CHROMIUM_FLAGS, chromium_path
from tests.fakes.web_accounts import PASSWORD, QUICK_HASHER
from tests.fakes.web_services import Ports, sign_in
from web.app import serving
from web.settings import WebSettings

BOARDS = 20
FACTS_PER_SECOND = 100
MARK_EVERY_SECONDS = 0.13
LIMIT_MS = 100.0
LOAD_LIMIT_SECONDS = 1.0
LOAD_LIMIT_BYTES = 500_000
PAGES = {
    "desk": "agent",
    "floor": "supervisor",
    "calls": "supervisor",
    "report": "supervisor",
    "why": "supervisor",
    "scripts": "supervisor",
    "people": "operations",
    "account": "supervisor",
}
WATCH = """() => {
    window.seen = {};
    const painted = new MessageChannel();
    let fresh = [];
    painted.port1.onmessage = () => {
        const at = performance.timeOrigin + performance.now();
        for (const mark of fresh) window.seen[mark] ??= at;
        fresh = [];
    };
    new MutationObserver(() => {
        const text = document.querySelector("main").textContent;
        const marks = (text.match(/mark-\\d+;/g) ?? []).filter((m) => !(m in window.seen));
        if (marks.length === 0) return;
        requestAnimationFrame(() => {
            fresh.push(...marks);
            painted.port2.postMessage(0);
        });
    }).observe(document.querySelector("main"), {
        childList: true, subtree: true, characterData: true,
    });
}"""

IN_SIGHT = """() => [...document.querySelectorAll("tr[data-agent]")].filter((row) => {
    const box = row.closest(".scroll").getBoundingClientRect();
    const { top, bottom } = row.getBoundingClientRect();
    return top >= Math.max(0, box.top) && bottom <= Math.min(innerHeight, box.bottom);
}).map((row) => row.dataset.agent)"""


async def _open(browser: Browser, address: str, login: str, page_name: str) -> Page:
    context = await browser.new_context(locale="en-US", viewport={"width": 1600, "height": 1200})
    page = await context.new_page()
    await page.goto(address)
    await page.get_by_label("Login").fill(login)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await page.locator("h1.page-title, h2").first.wait_for()
    await page.goto(f"{address}/{page_name}")
    return page


async def _stir(crowd: Crowd) -> None:
    began, done = time.monotonic(), 0
    while True:
        due = (time.monotonic() - began) * FACTS_PER_SECOND
        while done < due:
            done += crowd.stir()
        await asyncio.sleep(0.01)


async def _in_sight(page: Page, crowd: Crowd) -> list[AgentId]:
    """Return the idle agents whose rows are on the screen: what is scrolled away is no pixel."""
    shown: list[str] = await page.evaluate(IN_SIGHT)
    return [agent for agent in crowd.idle if agent in shown]


async def _mark(
    crowd: Crowd, agents: list[AgentId], count: int, name: str = "mark"
) -> dict[str, float]:
    """Mark idle agents one after the other; return when each fact happened, epoch ms."""
    happened: dict[str, float] = {}
    for serial in range(count):
        agent = agents[serial % len(agents)]
        # The semicolon ends it: the next cell begins with digits.
        mark = f"{name}-{serial};"
        happened[mark] = time.time() * 1000
        crowd.mark(agent, mark)
        # A beat that no timer of server or page divides evenly.
        await asyncio.sleep(MARK_EVERY_SECONDS + (serial % 7) * 0.011)
    return happened


async def _poll(address: str, seen: dict[str, float]) -> None:
    """The baseline: ask for all of the floor once a second."""
    async with ClientSession(address, cookie_jar=CookieJar(unsafe=True)) as http:
        await sign_in(http, "leader")
        while True:
            async with http.get("/api/v1/floor") as response:
                agents = json.loads(await response.read())["agents"]
            at = time.time() * 1000
            for agent in agents:
                seen.setdefault(agent["pause_reason"], at)
            await asyncio.sleep(1.0)


def _row(name: str, delays: list[float]) -> tuple[float, float]:
    cuts = statistics.quantiles(delays, n=100)
    print(f"{name:<28}{cuts[49]:>10.1f}{cuts[98]:>10.1f}{len(delays):>8}")
    return cuts[49], cuts[98]


async def _latency(browser: Browser, address: str, crowd: Crowd, marks: int) -> bool:
    page = await _open(browser, address, "supervisor", "floor")
    await page.locator("tr[data-agent]").nth(10).wait_for()
    await page.evaluate(WATCH)
    polled: dict[str, float] = {}
    beside = [asyncio.create_task(_stir(crowd)), asyncio.create_task(_poll(address, polled))]
    agents = await _in_sight(page, crowd)
    await _mark(crowd, agents, 10, "warm")
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    happened = await _mark(crowd, agents, marks)
    took = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_SELF)
    await asyncio.sleep(1.5)
    seen = await page.evaluate("() => window.seen")
    for task in beside:
        task.cancel()
    cpu = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / took
    lost = len(happened) - len(seen)
    print(f"{'fact to pixel, ms':<28}{'p50':>10}{'p99':>10}{'n':>8}")
    _, p99 = _row("live WebSocket", [seen[m] - at for m, at in happened.items() if m in seen])
    _, poll99 = _row(
        "baseline: poll each second", [polled[m] - at for m, at in happened.items() if m in polled]
    )
    print(f"ratio of p99: {poll99 / p99:.1f} times sooner; marks never painted: {lost}")
    print(
        f"server CPU: {100 * cpu:.0f} % of one core ({BOARDS} boards, {FACTS_PER_SECOND} facts/s)\n"
    )
    await page.context.close()
    return p99 <= LIMIT_MS and lost == 0


async def _loads(browser: Browser, address: str) -> bool:
    # The browser wants a core for itself: on a machine that does other work, seconds say little.
    print(f"{'first load':<28}{'seconds':>10}{'kB':>10}   (load average {os.getloadavg()[0]:.1f})")
    is_good = True
    for name, login in PAGES.items():
        page = await _open(browser, address, login, name)
        fresh = await browser.new_context(storage_state=await page.context.storage_state())
        cold = await fresh.new_page()
        began = time.monotonic()
        await cold.goto(f"{address}/{name}")
        await cold.locator("h1.page-title, h2").first.wait_for()
        seconds = time.monotonic() - began
        size: int = await cold.evaluate(
            "() => performance.getEntries().reduce((sum, e) => sum + (e.transferSize ?? 0), 0)"
        )
        print(f"{'/' + name:<28}{seconds:>10.2f}{size / 1000:>10.0f}")
        is_good = is_good and seconds <= LOAD_LIMIT_SECONDS and size <= LOAD_LIMIT_BYTES
        await fresh.close()
        await page.context.close()
    return is_good


async def run(marks: int) -> bool:
    """Play it; return whether it is within the limits."""
    ports = Ports()
    crowd = Crowd(ports.floor)
    crowd.gather()
    settings = WebSettings(port=0, requests_per_second=1e6, request_burst=1e6)
    async with (
        serving(ports.services, settings, hasher=QUICK_HASHER) as address,
        async_playwright() as playwright,
    ):
        command = (sys.executable, "-m", "bench.live.watchers", address, str(BOARDS - 1))
        watchers = await asyncio.create_subprocess_exec(*command)
        try:
            browser = await playwright.chromium.launch(
                executable_path=chromium_path(), args=list(CHROMIUM_FLAGS)
            )
            is_quick = await _latency(browser, address, crowd, marks)
            is_light = await _loads(browser, address)
            await browser.close()
        finally:
            are_all_there = watchers.returncode is None
            if are_all_there:
                watchers.terminate()
            await watchers.wait()
    if not are_all_there:
        print("the wallboards beside the measured one were dropped: the load was not what it says")
    return is_quick and is_light and are_all_there


def main() -> int:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--marks", type=int, default=300, help="facts to time (default 300)")
    subprocess.run([Path(__file__).parents[2] / "bin" / "build-pages"], check=True)
    return 0 if asyncio.run(run(parser.parse_args().marks)) else 1


if __name__ == "__main__":
    sys.exit(main())
