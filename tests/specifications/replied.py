"""Replies as a vendor describes them, the same every time."""

import re
from functools import cache

from hypothesis import Phase, find, settings
from hypothesis.strategies import from_regex
from vendor import literal, quoted

FORMATS = {
    "date-time": "2026-03-05T09:30:00Z",
    "date": "2026-03-05",
    "uri": "https://example.org/1",
    "email": "ann@example.org",
    "uuid": "123e4567-e89b-42d3-a456-426614174000",
}
DEEP = 12


def made(spec, method, path, way="example"):
    """A reply as described, the same every time; a way without an example is `full`."""
    template, _ = spec.template(method, path)
    place = quoted("paths", template, method.lower(), "responses")
    code = next(code for code in ("200", "201", "2XX", "default") if code in spec.at(place)[1])
    pointer, reply = spec.at(f"{place}/{code}")
    kind = next((one for one in reply.get("content", {}) if "json" in one), None)
    if kind:
        pointer, reply = f"{pointer}{quoted('content', kind)}", reply["content"][kind]
    if way == "example" and (found := example(spec, reply)) is not None:
        return found
    return made_of(spec, f"{pointer}/schema", way != "least", ()) if "schema" in reply else {}


def example(spec, reply):
    """The vendor's example; Jira writes it as JSON inside a text."""
    found = reply.get("example")
    if found is None and reply.get("examples"):
        found = next(iter(reply["examples"].values()))
        found = spec.at(found["$ref"].removeprefix("#"))[1] if isinstance(found, dict) and "$ref" in found else found
        found = found.get("value", found) if isinstance(found, dict) else found
    return literal(found) if isinstance(found, str) else found


def made_of(spec, pointer, full, above):
    """A value of the schema at a pointer; what holds itself again is left out, or empty where it is required."""
    pointer, schema = spec.at(pointer)
    if pointer in above or len(above) > DEEP:
        return None
    step = (*above, pointer)
    for key in ("const", "default"):
        if schema.get(key) is not None:
            return schema[key]
    if schema.get("enum"):
        return schema["enum"][0]
    for many in ("oneOf", "anyOf"):
        if many in schema:
            return first(made_of(spec, f"{pointer}/{many}/{i}", full, step) for i in range(len(schema[many])))
    kind = kind_of(schema)
    if kind == "object":
        return object_of(spec, pointer, schema, full, step)
    if isinstance(schema.get("items"), list):
        members = [made_of(spec, f"{pointer}/items/{i}", full, step) for i in range(len(schema["items"]))]
        return [one for one in members if one is not None] if kind == "array" else first(members)
    if kind == "array":
        return list_of(spec, pointer, schema, full, step)
    return plain(schema, kind)


def first(values):
    return next((one for one in values if one is not None), None)


def kind_of(schema):
    kinds = schema.get("type")
    kind = kinds if isinstance(kinds, str) else next((one for one in kinds or () if one != "null"), None)
    return kind or ("object" if {"properties", "allOf", "additionalProperties"} & set(schema) else None)


def object_of(spec, pointer, schema, full, above):
    found = {}
    for i, _ in enumerate(schema.get("allOf", [])):
        part = made_of(spec, f"{pointer}/allOf/{i}", full, above)
        found |= part if isinstance(part, dict) else {}
    required = schema.get("required") or []
    for name in schema.get("properties") or {}:
        if full or name in required:
            value = made_of(spec, pointer + quoted("properties", name), full, above)
            if value is not None or name in required:
                found[name] = value
    if full and isinstance(schema.get("additionalProperties"), dict) and schema["additionalProperties"]:
        value = made_of(spec, f"{pointer}/additionalProperties", full, above)
        found |= {} if value is None else {"key": value}
    return found


def list_of(spec, pointer, schema, full, above):
    if "items" not in schema or schema["items"] == {}:
        return []
    where, items = spec.at(f"{pointer}/items")
    alike = items.get("items") if not items.get("type") and isinstance(items.get("items"), list) else None
    if alike:  # Slack's way to say that a member is one of these
        members = [made_of(spec, f"{where}/items/{i}", full, above) for i in range(len(alike))]
    else:
        members = [made_of(spec, f"{pointer}/items", full, above)]
    return [one for one in members if one is not None]


def plain(schema, kind):
    if schema.get("example") is not None and not isinstance(schema["example"], str):
        return schema["example"]
    if kind == "integer" or kind == "number":
        return max(schema.get("minimum", 1), 1)
    if kind == "boolean":
        return False
    if kind != "string":
        return None
    if "pattern" in schema:
        return fitting(schema["pattern"])
    return FORMATS.get(schema.get("format"), "x" * max(schema.get("minLength", 4), 4))


@cache
def fitting(expression):
    """A text that fits."""
    quick = settings(database=None, derandomize=True, phases=[Phase.generate], max_examples=1)
    return find(from_regex(re.compile(expression, re.A), fullmatch=True), lambda text: True, settings=quick)
