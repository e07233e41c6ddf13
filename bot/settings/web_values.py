"""Values of the playground that people get wrong, read like those of `values`."""

import re
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BeforeValidator

_SEGMENT = r"(?!\.\.?(?:/|$))[A-Za-z0-9._~-]+"
_PATH = re.compile(rf"(?:/{_SEGMENT})+")
_LONGEST_PATH = 200
_TAKEN = frozenset({"healthz", "readyz", "metrics"})
"""Pages for operators' machines, which stay where they are."""


def _root_path(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    path = value
    if "://" in value:
        try:
            path = urlsplit(value).path
        except ValueError:
            path = ""
    meant = "/" + path.strip("/")
    if meant == "/":
        if path == value:
            return ""
        raise ValueError("is an address without a path. Remove it: the host is the playground's.")
    if not _PATH.fullmatch(meant) or len(meant) > _LONGEST_PATH:
        raise ValueError(
            "is no path. Write what stands behind the host's name, in ASCII letters, digits, "
            "dots and dashes, such as /tutor."
        )
    if "://" in value:
        raise ValueError(f"is a whole address. Write its path alone: {meant}.")
    if not value.startswith("/"):
        raise ValueError(f"begins without a slash. Write {meant}.")
    if meant.split("/")[1] in _TAKEN:
        raise ValueError("is where probes and Prometheus ask. Write another path, such as /tutor.")
    return meant


RootPath = Annotated[str, BeforeValidator(_root_path)]
