"""Checks requests against Discord's published API description (OpenAPI 3.1).

Stricter than the description itself: a field that it does not name is an error, because that is
how a misspelt one looks. `_KNOWN_GAPS` holds what real Discord takes and the description omits.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

_URI = "urn:discord"
_KNOWN_GAPS = {
    # With every message discord.py sends these, and Discord ignores them where they mean nothing.
    "allowed_mentions": ("tts", "embeds"),
    # Commands may be age-restricted: Discord's reference has it, its description in answers only.
    "default_member_permissions": ("nsfw",),
}
"""A field that marks a kind of object → the fields that the description leaves out there."""


def _by_type(validator: Any, branches: list[Any], instance: Any, schema: Any) -> Iterator[Any]:
    """Check a union of components by the one branch that the instance's `type` names.

    Says which field is wrong, where plain `oneOf` would only say that no branch fits.
    """
    if isinstance(instance, dict) and "type" in instance:
        for branch in branches:
            target = branch
            if "$ref" in branch:
                target = validator._resolver.lookup(branch["$ref"]).contents
            if instance["type"] in target.get("properties", {}).get("type", {}).get("enum", ()):
                yield from validator.descend(instance, branch)
                return
    yield from Draft202012Validator.VALIDATORS["anyOf"](validator, branches, instance, schema)


_Validator: Any = extend(  # type: ignore[no-untyped-call]  # jsonschema has no types here
    Draft202012Validator, {"oneOf": _by_type, "anyOf": _by_type}
)


def _closed(schema: Any) -> Any:
    """Return `schema` with every object closed to fields that it does not name."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(value) for key, value in schema.items()}
    properties = closed.get("properties")
    if isinstance(properties, dict) and "additionalProperties" not in closed:
        # In an `allOf` only the whole may be closed; the description uses it for files alone.
        closed["additionalProperties"] = False
        for mark, gaps in _KNOWN_GAPS.items():
            if mark in properties:
                properties.update({gap: properties.get(gap, True) for gap in gaps})
    return closed


class Description:
    """Discord's API description, compiled once."""

    def __init__(self, path: Path) -> None:
        whole = json.loads(path.read_text())
        schemas = whole["components"]["schemas"]
        # Its `id` is typed as a snowflake; for a new file it is the integer index of the part.
        schemas["MessageAttachmentRequest"]["properties"]["id"] = {"type": ["string", "integer"]}
        self._paths = dict(whole["paths"])
        document = {"components": {"schemas": _closed(schemas)}}
        resource = Resource.from_contents(document, default_specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource(_URI, resource)
        self._validators: dict[str, Any] = {}

    def template(self, method: str, path: str) -> str | None:
        """Return the template of a path of the API, such as "/gateway/bot"; None: no such one."""
        return next(
            (
                template
                for template, item in self._paths.items()
                if method.lower() in item and _pattern(template).fullmatch(path)
            ),
            None,
        )

    def faults(self, method: str, path: str, body: Any) -> list[str]:
        """Return what is wrong with a request, in words; nothing where all is well."""
        template = self.template(method, path)
        if template is None:
            return [f"{method} {path}: there is no such operation"]
        content = self._paths[template][method.lower()].get("requestBody", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        if schema is None:
            return [] if body is None else [f"{method} {template} takes no body"]
        key = f"{method} {template}"
        if key not in self._validators:
            self._validators[key] = _Validator(_absolute(_closed(schema)), registry=self._registry)
        return [
            f"{method} {template}: {_where(error)}: {error.message[:300]}"
            for error in self._validators[key].iter_errors(body)
        ]


def _absolute(schema: Any) -> Any:
    """Return `schema` with its references into the description made absolute."""
    return json.loads(json.dumps(schema).replace('"#/components', f'"{_URI}#/components'))


def _where(error: ValidationError) -> str:
    """Return the place of an error, as in components.0.label."""
    return ".".join(str(step) for step in error.absolute_path) or "body"


@cache
def _pattern(template: str) -> re.Pattern[str]:
    """Return the pattern of the paths that `template` stands for."""
    return re.compile(re.sub(r"\{[^}]+\}", "[^/]+", template.replace(".", r"\.")))


@cache
def described(path: str) -> Description:
    """Return the description in the file at `path`, read once a process."""
    return Description(Path(path))
