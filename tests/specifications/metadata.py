"""What Microsoft's own metadata of Graph (CSDL) says: whether a request keeps it, and what a reply looks like.

graph = metadata()                                # skips where ../shared/specs is absent
graph.complaints("/teams/1/channels", {"$select": "id"})
graph.made("chatMessage")
"""

import gzip
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import httpx2
import pytest

FILE = Path(__file__).parents[2] / ".." / "shared" / "specs" / "msgraph_v1.0_clean.csdl.xml.gz"
EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
OPTIONS = ("$select", "$expand", "$filter", "$top", "$skiptoken", "$deltatoken")
VALUES = {"Boolean": True, "Int32": 7, "Int64": 7, "DateTimeOffset": "2026-03-02T09:30:00Z", "Double": 0.5}
ANY = re.compile(r"/Any\([^)]*\)")
TESTED = re.compile(r"([A-Za-z]\w*)\s+(?:eq|ne|gt|ge|lt|le)\s")


@cache
def metadata():
    if not FILE.exists():
        pytest.skip(f"{FILE.name} is not beside the repository; put Microsoft Graph's v1.0 metadata in ../shared/specs")
    return Metadata(ElementTree.fromstring(gzip.decompress(FILE.read_bytes())).find(f".//{EDM}Schema"))


def bare(kind):
    """The type's own name, and whether there are many of it."""
    inner = re.sub(r"^Collection\((.*)\)$", r"\1", kind)
    return re.sub(r"^(microsoft\.)?graph\.", "", inner), inner != kind


class Metadata:
    """The types, functions and entity sets of one schema."""

    def __init__(self, schema):
        self.types = {one.get("Name"): one for kind in ("EntityType", "ComplexType") for one in schema.iter(EDM + kind)}
        self.enums = {one.get("Name"): one[0].get("Name") for one in schema.iter(EDM + "EnumType") if len(one)}
        self.sets = {one.get("Name"): bare(one.get("EntityType"))[0] for one in schema.iter(EDM + "EntitySet")}
        self.functions = {}
        for one in schema.iter(EDM + "Function"):
            given, back = one.find(EDM + "Parameter"), one.find(EDM + "ReturnType")
            if given is not None and back is not None:
                self.functions[one.get("Name"), bare(given.get("Type"))] = bare(back.get("Type"))

    def members(self, kind, *tags):
        """Name to type of what a type has, and what it has of the types it is made from."""
        node = self.types[kind]
        above = self.members(bare(node.get("BaseType"))[0], *tags) if node.get("BaseType") else {}
        return {**above, **{one.get("Name"): bare(one.get("Type")) for tag in tags for one in node.findall(EDM + tag)}}

    def found(self, path):
        """The type that a path leads to and whether there are many of it; a KeyError names the wrong step."""
        first, *steps = [unquote(step) for step in path.strip("/").split("/")]
        kind, many = self.sets[first], True
        for step in steps:
            if (step, (kind, many)) in self.functions:
                kind, many = self.functions[step, (kind, many)]
            elif many:
                many = False
            else:
                kind, many = self.members(kind, "Property", "NavigationProperty")[step]
        return kind, many

    def complaints(self, path, query):
        try:
            kind, _ = self.found(path)
        except KeyError as wrong:
            return [f"{path}: {wrong} is not there"]
        own, others = self.members(kind, "Property"), self.members(kind, "NavigationProperty")
        asked = {
            "$select": [name for name in query.get("$select", "").split(",") if name and name not in own],
            "$expand": [name for name in query.get("$expand", "").split(",") if name and name not in others],
            "$filter": [name for name in TESTED.findall(ANY.sub(" eq ", query.get("$filter", ""))) if name not in own],
            "$top": [top for top in [query.get("$top", "1")] if not top.isdigit()],
        }
        unknown = [f"{path}: {name} is not an option" for name in query if name not in OPTIONS]
        return unknown + [f"{path}: {option} {name}" for option, names in asked.items() for name in names]

    def made(self, kind, expand=(), depth=6):
        """A value of this type with every field, and with what is expanded."""
        if kind.startswith("Edm.") or kind in self.enums or kind not in self.types:
            return self.enums.get(kind, VALUES.get(kind.removeprefix("Edm."), "xxxx"))
        links = self.members(kind, "NavigationProperty")
        members = {**self.members(kind, "Property"), **{name: links[name] for name in expand}}
        return {name: self.each(*one, depth - 1) for name, one in members.items() if depth}

    def each(self, kind, many, depth):
        made = self.made(kind, depth=depth)
        return [made] if many else made

    def lacking(self, kind, shape):
        """The fields of a shape that are not there, by dotted path."""
        has, gone = self.members(kind, "Property", "NavigationProperty"), []
        for name, inner in shape.items():
            inner = inner[0] if isinstance(inner, list) else inner
            if name not in has:
                gone.append(name)
            elif isinstance(inner, dict):
                gone += [f"{name}.{one}" for one in self.lacking(has[name][0], inner)]
        return gone


class Tenant(httpx2.MockTransport):
    """Answers as the metadata says, and keeps what was `asked` and what of it was `wrong`."""

    def __init__(self, graph, **instead):
        super().__init__(self.answer)
        self.graph, self.instead, self.asked, self.wrong = graph, instead, [], []

    def answer(self, request):
        if request.method == "POST":
            return httpx2.Response(200, json={"access_token": "t", "expires_in": 3599})
        path, query = request.url.path.removeprefix("/v1.0"), dict(request.url.params)
        complaints = self.graph.complaints(path, query)
        self.asked.append((path, query))
        self.wrong += complaints
        if complaints:
            return httpx2.Response(400, json={})
        kind, _ = self.graph.found(path)
        expand = [name for name in query.get("$expand", "").split(",") if name]
        return httpx2.Response(200, json={"value": [{**self.graph.made(kind, expand), **self.instead.get(kind, {})}]})
