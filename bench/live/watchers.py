"""Open wallboards without a screen, in a process of their own: they read what the server sends."""

import asyncio
import sys

from aiohttp import ClientSession, CookieJar

from tests.fakes.web_services import sign_in


async def _watch(http: ClientSession) -> None:
    async with http.ws_connect("/api/v1/live") as socket:
        async for _ in socket:
            pass


async def main(address: str, count: int) -> None:
    """Watch until ended."""
    async with ClientSession(address, cookie_jar=CookieJar(unsafe=True)) as http:
        await sign_in(http, "supervisor")
        await asyncio.gather(*(_watch(http) for _ in range(count)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
