"""The built pages and their assets."""

from aiohttp import web

from web.errors import PagesNotBuilt
from web.keys import SETTINGS


async def page(request: web.Request) -> web.FileResponse:
    """Return the one page; what it shows is up to its address."""
    index = request.app[SETTINGS].pages / "index.html"
    if not index.is_file():
        raise PagesNotBuilt
    return web.FileResponse(index, headers={"Cache-Control": "no-cache"})


async def asset(request: web.Request) -> web.FileResponse:
    """Return a script, style or picture; its name holds a hash of it, so it never changes."""
    path = request.app[SETTINGS].pages / "assets" / request.match_info["file"]
    if not path.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(path, headers={"Cache-Control": "public, max-age=31536000, immutable"})
