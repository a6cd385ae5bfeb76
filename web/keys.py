"""Typed keys of what the application and a request carry."""

from aiohttp import web

from store.accounts import Account
from web.hub import LiveHub
from web.metrics import Metrics
from web.passwords import Passwords
from web.ports import WebServices
from web.settings import WebSettings
from web.sign_in_limit import SignInLimit

SERVICES = web.AppKey("services", WebServices)
SETTINGS = web.AppKey("settings", WebSettings)
HUB = web.AppKey("hub", LiveHub)
METRICS = web.AppKey("metrics", Metrics)
OPENAPI = web.AppKey("openapi", bytes)
PASSWORDS = web.AppKey("passwords", Passwords)
SIGN_IN_LIMIT = web.AppKey("sign_in_limit", SignInLimit)

ACCOUNT = web.RequestKey("account", Account)
