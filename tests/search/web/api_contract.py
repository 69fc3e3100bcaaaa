"""What callers of an OpenAPI description may rely on, and what of it another description breaks.

python -m tests.search.web.api_contract prints the contract of the application as it is.
"""

import json
import sys
from pathlib import Path

from search.web.addresses import API

KEPT = Path(__file__).with_name("api_v1.json")
_BOUNDS_BELOW, _BOUNDS_ABOVE = (
    ("minimum", "minLength", "minItems"),
    ("maximum", "maxLength", "maxItems"),
)
_SAID = {"title", "description", "example", "examples", "default"}


def _shape(schema):
    """A schema without its words."""
    if isinstance(schema, dict):
        return {key: _shape(value) for key, value in sorted(schema.items()) if key not in _SAID}
    return [_shape(one) for one in schema] if isinstance(schema, list) else schema


def _operation(operation):
    return {
        "name": operation["operationId"],
        "parameters": {
            f"{one['in']} {one['name']}": {"required": one.get("required", False)}
            | _shape(one.get("schema", {}))
            for one in operation.get("parameters", ())
        },
        "body": _shape(operation.get("requestBody", {}).get("content", {})),
        "answers": {
            status: {
                kind: _shape(content.get("schema", {}))
                for kind, content in sorted(answer.get("content", {}).items())
            }
            for status, answer in sorted(operation["responses"].items())
        },
    }


def contract(described):
    """Operations by method and address, and the members of every object, as callers know them."""
    return {
        "operations": {
            f"{method.upper()} {path}": _operation(operation)
            for path, operations in sorted(described["paths"].items())
            if path.startswith(f"{API}/")
            for method, operation in sorted(operations.items())
        },
        "objects": {
            name: {
                "members": {key: _shape(one) for key, one in schema.get("properties", {}).items()},
                "required": sorted(schema.get("required", ())),
            }
            for name, schema in sorted(described["components"]["schemas"].items())
        },
    }


def _parameter_breaks(where, old, new):
    for name, was in old.items():
        now = new.get(name)
        if now is None:
            yield f"{where}: {name} is gone"
            continue
        if now["required"] and not was["required"]:
            yield f"{where}: {name} has to be given"
        if was.get("type") != now.get("type"):
            yield f"{where}: {name} is of another type"
        if not set(was.get("enum", ())) <= set(now.get("enum", was.get("enum", ()))):
            yield f"{where}: {name} takes fewer values"
        yield from _narrower(where, name, was, now)
    for name in new.keys() - old.keys():
        if new[name]["required"]:
            yield f"{where}: {name} is new and has to be given"


def _narrower(where, name, was, now):
    for bound in _BOUNDS_BELOW:
        if now.get(bound, float("-inf")) > was.get(bound, float("-inf")):
            yield f"{where}: {name} has a higher {bound}"
    for bound in _BOUNDS_ABOVE:
        if now.get(bound, float("inf")) < was.get(bound, float("inf")):
            yield f"{where}: {name} has a lower {bound}"


def breaks(old, new):
    """What somebody who relies on the old contract would miss in the new one."""
    for where, was in old["operations"].items():
        now = new["operations"].get(where)
        if now is None:
            yield f"{where} is gone"
            continue
        if now["name"] != was["name"]:
            yield f"{where} has another name"
        yield from _parameter_breaks(where, was["parameters"], now["parameters"])
        for status, kinds in was["answers"].items():
            if status not in now["answers"]:
                yield f"{where}: {status} is gone"
            elif any(now["answers"][status].get(kind) != one for kind, one in kinds.items()):
                yield f"{where}: {status} is of another kind"
    for name, was in old["objects"].items():
        yield from _object_breaks(name, was, new["objects"].get(name))


def _object_breaks(name, was, now):
    if now is None:
        yield f"{name} is gone"
        return
    for member, shape in was["members"].items():
        if member not in now["members"]:
            yield f"{name}.{member} is gone"
        elif now["members"][member] != shape:
            yield f"{name}.{member} is of another type"
    for member in set(was["required"]) - set(now["required"]):
        yield f"{name}.{member} may be missing"


def kept():
    """The contract of /api/v1 as it was given to portals."""
    return json.loads(KEPT.read_text(encoding="utf-8"))


def written(told):
    """A contract as it is kept."""
    return json.dumps(told, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(written(contract(json.load(sys.stdin))))
