"""Values of the playground that people get wrong, read like those of `values`."""

import re
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BeforeValidator

from bot.settings.values import each_of

_SEGMENT = r"(?!\.\.?(?:/|$))[A-Za-z0-9._~-]+"
_PATH = re.compile(rf"(?:/{_SEGMENT})+")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")
_HERE = frozenset({"localhost", "127.0.0.1"})
"""Sites of one's own computer, which browsers trust without TLS."""
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


def _origin(value: str) -> str:
    """Read a site as `frame-ancestors` names it: https://www.w3.org/TR/CSP3/#framework-directive-source-list."""
    if value == "*":
        raise ValueError(
            "lets every site show the playground. Write the sites, such as "
            "https://moodle.example.org."
        )
    try:
        found = urlsplit(value if "://" in value else f"https://{value}")
        host, port = found.hostname or "", found.port
    except ValueError:
        host, port, found = "", None, urlsplit("")
    name = host.removeprefix("*.")
    if not _HOST.fullmatch(name) or ("." not in name and name not in _HERE):
        raise ValueError("is no site. Write its address, such as https://moodle.example.org.")
    meant = f"{found.scheme}://{host}" + (f":{port}" if port is not None else "")
    if found.scheme != "https" and not (found.scheme == "http" and name in _HERE):
        raise ValueError(f"is no address with TLS. Write https://{meant.partition('://')[2]}.")
    if meant != value.casefold().rstrip("/"):
        raise ValueError(f"is not a site's address alone. Write {meant}.")
    return meant


RootPath = Annotated[str, BeforeValidator(_root_path)]
Origins = Annotated[tuple[str, ...], BeforeValidator(each_of(_origin))]
