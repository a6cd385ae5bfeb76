"""Schemathesis on openapi.json as every role: no 5xx, and no answer that is not described."""

import asyncio
import json
import threading
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS, load_all_checks

from store.accounts import Role
from tests.fakes.web_accounts import PASSWORD, QUICK_HASHER
from tests.fakes.web_services import Ports
from web.app import serving
from web.openapi import describe
from web.settings import WebSettings

pytestmark = pytest.mark.slow
# Endless: the page's sockets answer 101 and then talk.
_SOCKETS = {"live", "desk_live", "desk_sip"}
_HEADERS = {"X-Callfloor": "1"}
_EXAMPLES = 2

load_all_checks()
_WANTED = [
    CHECKS.get_one(name)
    for name in (
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
    )
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The application on ports in memory, in a thread of its own: Schemathesis asks and waits."""
    loop = asyncio.new_event_loop()
    known: dict[str, str] = {}
    is_up, over = threading.Event(), asyncio.Event()

    async def run() -> None:
        lenient = WebSettings(port=0, requests_per_second=1e6, request_burst=1e6)
        ports = Ports()
        async with serving(ports.services, lenient, hasher=QUICK_HASHER) as where:
            known["address"] = where
            is_up.set()
            await over.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()))
    thread.start()
    assert is_up.wait(10)
    yield known["address"]
    loop.call_soon_threadsafe(over.set)
    thread.join()
    loop.close()


def _operations() -> list[Any]:
    document = json.loads(msgspec.json.encode(describe()))
    schema = schemathesis.openapi.from_dict(document)
    # An unreadable description would have no `ok`: then this fails, as it should.
    results: list[Any] = list(schema.get_all_operations())
    found = [result.ok() for result in results]
    wanted = [one for one in found if one.definition.raw["operationId"] not in _SOCKETS]
    # Signing out ends the session of the others, so it comes last.
    return sorted(wanted, key=lambda one: "sign-out" in one.path)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("role", [None, *(role.value for role in Role)])
def test_no_request_breaks_the_api_or_gets_an_answer_that_is_not_described(
    address: str, role: str | None
) -> None:
    with requests.Session() as session:
        if role is not None:
            body = {"login": role, "password": PASSWORD}
            signed = session.post(f"{address}/api/v1/sign-in", json=body, headers=_HEADERS)
            assert signed.status_code == 200
        for operation in _operations():
            _fuzz(operation, address, session)


def _fuzz(operation: Any, address: str, session: requests.Session) -> None:
    @given(case=operation.as_strategy())
    @settings(
        max_examples=_EXAMPLES,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    def try_one(case: Any) -> None:
        case.headers = {**(case.headers or {}), **_HEADERS}
        response = case.call(base_url=address, session=session)
        case.validate_response(response, checks=_WANTED)

    try_one()
