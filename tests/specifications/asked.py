"""Whether a request is as a vendor describes it: path, parameters, their kinds, and the body."""

import json

from vendor import literal, quoted


def valid(spec, method, path, query=(), json=None):
    """True, or an AssertionError that says what of this request is not as described."""
    wrong = complaints(spec, method, path, query, json)
    assert not wrong, "; ".join(wrong)
    return True


def complaints(spec, method, path, query=(), json=None):
    """What of a request is not as described; `query` is a dictionary or (name, value) pairs as they were sent."""
    template, inside = spec.template(method, path)
    if template is None:
        return [f"{method} {path} is not described"]
    place = f"{method} {template}"
    pairs = list(query.items()) if isinstance(query, dict) else list(query)
    sent = {"query": gathered(pairs), "path": {key: [value] for key, value in inside.items()}}
    described = list(parameters(spec, template, method.lower()))
    known = {one["name"].removesuffix("[]") for _, one in described if one["in"] == "query"}
    said = [f"{place}: no parameter {name} is described" for name in sent["query"] if name not in known]
    for pointer, one in described:
        values = sent.get(one["in"], {}).get(one["name"].removesuffix("[]"))
        if values is None and one.get("required") and one["in"] in sent:
            said.append(f"{place}: {one['name']} is required")
        if values is not None:
            where, schema = spec.at(inner(pointer, one))
            wrong = spec.complaints(where, *readings(values, schema, spec, where))
            said += [f"{place}: {one['name']}: {words}" for words in wrong]
    return said + [f"{place}: {words}" for words in body_complaints(spec, template, method.lower(), json)]


def gathered(pairs):
    found = {}
    for name, value in pairs:
        found.setdefault(str(name).removesuffix("[]"), []).append(
            value if isinstance(value, str) else json.dumps(value)
        )
    return found


def parameters(spec, template, method):
    for place in (quoted("paths", template), quoted("paths", template, method)):
        for i, _ in enumerate(spec.at(place)[1].get("parameters", [])):
            yield spec.at(f"{place}/parameters/{i}")


def inner(pointer, parameter):
    """Where a parameter's schema is: itself in Swagger 2, below it in OpenAPI 3."""
    if "content" in parameter:
        return f"{pointer}{quoted('content', next(iter(parameter['content'])), 'schema')}"
    return f"{pointer}/schema" if "schema" in parameter else pointer


def readings(values, schema, spec, pointer):
    """What a parameter may mean: a list one by one or by commas, JSON, a number, or the text itself."""
    text = values[0]
    lists = [[literal(one) for one in values], list(values), text.split(","), [literal(one) for one in text.split(",")]]
    plain = [literal(text), text]
    return [*lists, *plain] if schema.get("type") == "array" else [*plain, *lists]


def body_complaints(spec, template, method, sent):
    operation = quoted("paths", template, method)
    bodies = [f"{pointer}/schema" for pointer, one in parameters(spec, template, method) if one["in"] == "body"]
    if "requestBody" in spec.at(operation)[1]:
        pointer, body = spec.at(f"{operation}/requestBody")
        bodies = [pointer + quoted("content", kind, "schema") for kind in body["content"] if "json" in kind]
        if sent is None:
            return ["a body is required"] if body.get("required") else []
    if sent is None:
        return []
    return spec.complaints(spec.at(bodies[0])[0], sent) if bodies else ["a body is sent where none is described"]
