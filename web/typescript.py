"""TypeScript types of the wire, made from the same schemas as openapi.json.

`python -m web.typescript` rewrites `web/pages/src/wire.ts`; a test fails if it is stale.
"""

from pathlib import Path

import msgspec

from web.openapi import describe

TARGET = Path(__file__).parent / "pages" / "src" / "wire.ts"
_PREFIX = "#/components/schemas/"
_PLAIN = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
}


class _Schema(msgspec.Struct):
    """The part of JSON Schema that msgspec writes for our types."""

    ref: str | None = msgspec.field(default=None, name="$ref")
    type: str | None = None
    const: str | None = None
    enum: list[str] = []
    any_of: list["_Schema"] = msgspec.field(default_factory=list, name="anyOf")
    items: "_Schema | None" = None
    properties: dict[str, "_Schema"] = {}
    required: list[str] = []
    description: str = ""


def _type(schema: _Schema) -> str:
    if schema.ref is not None:
        return schema.ref.removeprefix(_PREFIX)
    if schema.any_of:
        return " | ".join(_type(part) for part in schema.any_of)
    if schema.enum:
        return " | ".join(f'"{value}"' for value in schema.enum)
    if schema.const is not None:
        return f'"{schema.const}"'
    if schema.type == "array" and schema.items is not None:
        item = _type(schema.items)
        return f"readonly ({item})[]" if " | " in item else f"readonly {item}[]"
    return _PLAIN[schema.type or ""]


def _declaration(name: str, schema: _Schema) -> str:
    comment = f"/** {' '.join(schema.description.split())} */\n" if schema.description else ""
    if schema.type != "object":
        return f"{comment}export type {name} = {_type(schema)};\n"
    fields = [
        f"  readonly {field}{'' if field in schema.required else '?'}: {_type(kind)};\n"
        for field, kind in schema.properties.items()
    ]
    return f"{comment}export interface {name} {{\n{''.join(fields)}}}\n"


def render() -> str:
    """Return the whole file."""
    components = msgspec.convert(describe()["components"], dict[str, object])["schemas"]
    schemas = msgspec.convert(components, dict[str, _Schema])
    parts = [_declaration(name, schemas[name]) for name in sorted(schemas)]
    live = "export type LiveMessage = Floor | Changes | CampaignList | Tick;\n"
    head = "// Made by `python -m web.typescript` from web/schemas.py. Do not edit.\n"
    return "\n".join([head, *parts, live])


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8")
