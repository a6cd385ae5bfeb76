"""The HTTP API, the live WebSocket and the pages. It sees the rest through `web.ports` only."""
