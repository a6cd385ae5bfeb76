"""Typed keys of what the application and a request carry."""

from aiohttp import web

from store.accounts import Account
from web.desks import DeskHub
from web.hub import LiveHub
from web.metrics import Metrics
from web.passwords import Passwords
from web.ports import WebServices
from web.request_limit import RequestLimit
from web.settings import WebSettings
from web.sign_in_limit import SignInLimit
from web.tenancy import Tenancy

SERVICES = web.AppKey("services", WebServices)
SETTINGS = web.AppKey("settings", WebSettings)
DESKS = web.AppKey("desks", DeskHub)
HUB = web.AppKey("hub", LiveHub)
METRICS = web.AppKey("metrics", Metrics)
OPENAPI = web.AppKey("openapi", bytes)
PASSWORDS = web.AppKey("passwords", Passwords)
REQUEST_LIMIT = web.AppKey("request_limit", RequestLimit)
TENANCY = web.AppKey("tenancy", Tenancy)
SIGN_IN_LIMIT = web.AppKey("sign_in_limit", SignInLimit)

ACCOUNT = web.RequestKey("account", Account)
