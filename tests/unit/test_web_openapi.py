"""openapi.json and the pages' types say what the code does."""

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from tests.fakes.web_services import Ports, get_json, served
from web.openapi import describe
from web.routes import ROUTES
from web.typescript import TARGET, render


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "$ref":
                yield inner
            else:
                yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def _document() -> Any:
    return json.loads(msgspec.json.encode(describe()))


async def test_the_description_is_served() -> None:
    async with served(Ports().services) as http:
        assert await get_json(http, "/api/openapi.json") == _document()


def test_every_route_is_described() -> None:
    described = {
        operation["operationId"]: (method.upper(), path)
        for path, methods in _document()["paths"].items()
        for method, operation in methods.items()
    }
    assert len(described) == len(ROUTES)
    for route in ROUTES:
        method, path = described[route.name.value]
        assert method == route.method
        # Without their patterns both are the same address.
        assert re.sub(r"\{(\w+).*?\}+", r"{\1}", route.path).startswith(path.split("{", 1)[0])


def test_every_reference_leads_somewhere() -> None:
    document = _document()
    for reference in _references(document):
        found: Any = document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        assert found


def test_every_path_parameter_is_declared() -> None:
    for path, methods in _document()["paths"].items():
        for operation in methods.values():
            declared = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
            assert declared == set(re.findall(r"\{(\w+)\}", path))
            assert operation["summary"].endswith(".")


def test_the_campaign_parameter_carries_its_pattern() -> None:
    (parameter, header) = _document()["paths"]["/api/v1/campaigns/{name}/start"]["post"][
        "parameters"
    ]
    assert parameter["schema"]["pattern"] == "^[a-z0-9][a-z0-9_-]{0,39}$"
    assert (header["name"], header["in"]) == ("X-Callfloor", "header")


def test_the_pages_types_are_fresh() -> None:
    assert TARGET.read_text(encoding="utf-8") == render(), "run python -m web.typescript"
