"""A vendor's own description of its API, as it stands in ../shared/specs: Swagger 2.0 or OpenAPI 3."""

import gzip
import json
import re
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import unquote

import jsonschema
import pytest
import referencing
import yaml

SPECS = Path(__file__).parents[2].parent / "shared" / "specs"


def described(start):
    """The description whose file starts so, with `nullable` said as JSON Schema says it."""
    found = sorted(SPECS.glob(f"{start}*")) if SPECS.exists() else []
    if not found:
        pytest.skip(f"{SPECS}/{start}* is missing; it is the vendor's published description of its API, gzipped")
    return loaded(found[0])


@cache
def loaded(path):
    with gzip.open(path) as file:
        spec = json.load(file) if ".json" in path.name else yaml.load(file, Loader=yaml.CSafeLoader)
    return Spec(nulls(spec))


def nulls(node):
    if isinstance(node, list):
        return [nulls(one) for one in node]
    if not isinstance(node, dict):
        return node
    made = {key: nulls(value) for key, value in node.items()}
    if made.get("nullable") is True and isinstance(made.get("type"), str):
        made["type"] = [made["type"], "null"]
        if "enum" in made:
            made["enum"] = [*made["enum"], None]
    return made


class Spec:
    """A description, and its schemas where a validator finds them."""

    def __init__(self, content):
        self.content = content
        draft = referencing.jsonschema.DRAFT4 if "swagger" in content else referencing.jsonschema.DRAFT202012
        resource = referencing.Resource(contents=content, specification=draft)
        self.registry = referencing.Registry().with_resource("urn:spec", resource)
        addresses = [one["url"] for one in content.get("servers", [])]
        paths = [re.sub(r"^(\w+://[^/]*|\{[^}]*\})", "", one).rstrip("/") for one in addresses]
        self.starts = sorted({content.get("basePath", ""), *paths, ""}, key=len, reverse=True)
        self.templates = sorted(content["paths"], key=lambda path: (path.count("{"), path))

    def at(self, pointer):
        """The pointer and the node it leads to, past any `$ref`."""
        node = self.content
        for step in pointer.split("/")[1:]:
            step = unquote(step).replace("~1", "/").replace("~0", "~")
            node = node[int(step)] if isinstance(node, list) else node[step]
        return self.at(node["$ref"].removeprefix("#")) if isinstance(node, dict) and "$ref" in node else (pointer, node)

    def template(self, method, path):
        """The described path that fits, and the values in it; the one with the fewest holes first."""
        bare = [path.removeprefix(start) for start in self.starts if path.startswith(start)]
        for template in self.templates:
            if method.lower() not in self.content["paths"][template]:
                continue
            for one in bare:
                if found := pattern(template).fullmatch(one):
                    return template, {
                        key: unquote(value) for key, value in zip(holes(template), found.groups(), strict=True)
                    }
        return None, {}

    def complaints(self, pointer, *values):
        """Why none of the readings of a value fits the schema at a pointer."""
        validator = jsonschema.Draft4Validator if "swagger" in self.content else jsonschema.Draft202012Validator
        schema = {"$ref": f"urn:spec#{pointer}"}
        check = validator(schema, registry=self.registry, format_checker=validator.FORMAT_CHECKER)
        said = [[error.message for error in check.iter_errors(value)] for value in values]
        return [] if [] in said else said[0][:1]


@lru_cache(4096)
def pattern(template):
    parts = re.split(r"\{[^}]+\}", template)
    return re.compile(r"([^/]+)".join(re.escape(part) for part in parts))


def holes(template):
    return re.findall(r"\{([^}]+)\}", template)


def quoted(*steps):
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def literal(text):
    try:
        return json.loads(text)
    except ValueError:
        return text
