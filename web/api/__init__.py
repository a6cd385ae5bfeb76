"""The handlers of `/api/v1`, by subject. `web.routes` lists them."""
