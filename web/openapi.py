"""openapi.json, made from the types that validate: it cannot say anything else than they do."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version

import msgspec

from web.errors import ApiError
from web.permissions import PERMISSIONS, RouteName
from web.routes import CSV, JSON, ROUTES, Route
from web.schemas import ErrorBody
from web.security import CSRF_HEADER

Object = dict[str, object]
_PARAMETER = re.compile(r"\{(\w+)(?::((?:[^{}]|\{[^{}]*\})*))?\}")
_SOCKETS = frozenset({"live", "desk_live", "desk_sip"})
_ERROR_PAGE: Object = {
    "description": "What went wrong, for people",
    "content": {"text/html": {"schema": {"type": "string"}}},
}
_ERROR_REF = {"$ref": "#/components/responses/Error"}


def _structs() -> list[object]:
    found: list[object] = [ErrorBody]
    for route in ROUTES:
        found += [kind for kind in (route.answer, route.body, route.query) if kind is not None]
    return found


def describe() -> Object:
    """Return the OpenAPI 3.1 description of every route."""
    kinds = _structs()
    schemas, components = msgspec.json.schema_components(
        kinds, ref_template="#/components/schemas/{name}"
    )
    schema_of = {id(kind): schema for kind, schema in zip(kinds, schemas, strict=True)}
    paths: dict[str, Object] = {}
    for route in ROUTES:
        operation = _operation(route, schema_of, components)
        paths.setdefault(_path(route), {})[route.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "Callfloor", "version": _version(), "license": {"name": "MIT"}},
        "paths": paths,
        "components": {
            "schemas": components,
            "responses": {
                "Error": {
                    "description": "What went wrong",
                    "content": {JSON: {"schema": {"$ref": "#/components/schemas/ErrorBody"}}},
                }
            },
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "callfloor_session"}
            },
        },
    }


def _version() -> str:
    try:
        return version("callfloor")
    except PackageNotFoundError:
        return "0"  # run from the source tree without an installation


def _path(route: Route) -> str:
    return _PARAMETER.sub(r"{\1}", route.path)


def _operation(
    route: Route, schema_of: Mapping[int, object], components: Mapping[str, object]
) -> Object:
    access = PERMISSIONS[route.name]
    operation: Object = {
        "operationId": route.name.value,
        "summary": (route.handler.__doc__ or "").strip().splitlines()[0],
        "parameters": [*_path_parameters(route), *_parameters(route, components)],
        "responses": _responses(route, schema_of),
        "security": [] if access.anonymous else [{"session": []}],
        "x-roles": sorted(access.roles),
    }
    if route.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {JSON: {"schema": schema_of[id(route.body)]}},
        }
    return operation


def _path_parameters(route: Route) -> list[Object]:
    return [
        {
            "name": match[1],
            "in": "path",
            "required": True,
            "schema": {"type": "string"} | ({"pattern": f"^{match[2]}$"} if match[2] else {}),
        }
        for match in _PARAMETER.finditer(route.path)
    ]


def _parameters(route: Route, components: Mapping[str, object]) -> list[Object]:
    found: list[Object] = []
    if route.method == "POST":
        found.append(
            {
                "name": CSRF_HEADER,
                "in": "header",
                "required": True,
                "description": "Any value; shows that no foreign page sent this",
                "schema": {"type": "string"},
            }
        )
    if route.query is not None:
        found += _query_parameters(components[route.query.__name__])
    return found


def _query_parameters(schema: object) -> list[Object]:
    shape = msgspec.convert(schema, _ObjectSchema)
    return [
        {"name": name, "in": "query", "required": name in shape.required, "schema": kind}
        for name, kind in shape.properties.items()
    ]


class _ObjectSchema(msgspec.Struct):
    properties: dict[str, object]
    required: list[str] = []


def _responses(route: Route, schema_of: Mapping[int, object]) -> Object:
    content: Object = {media: {"schema": {"type": "string"}} for media in route.media}
    if route.answer is not None:
        content[JSON] = {"schema": schema_of[id(route.answer)]}
    elif JSON in route.media:
        content[JSON] = {"schema": {"type": "object"}}
    if CSV in content:
        content[CSV] = {"schema": {"type": "string"}}
    ok: Object = {"description": HTTPStatus.OK.phrase, "content": content}
    if route.name in _SOCKETS:
        ok["description"] = "After 101 Switching Protocols each text message is one of these"
    answers: Object = {"101" if route.name in _SOCKETS else "200": ok}
    for status in _error_statuses():
        answers[str(status)] = _ERROR_REF if route.path.startswith("/api") else _ERROR_PAGE
    if route.name is RouteName.READYZ:  # not ready is an answer, not an error
        answers["503"] = {**ok, "description": "Some part is not there"}
    return answers


def _error_statuses() -> list[int]:
    """Return every status of our own errors, and those of the framework; a 500 is never meant."""
    ours = {int(kind.status) for kind in ApiError.__subclasses__()}
    return sorted(ours | {HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE})
