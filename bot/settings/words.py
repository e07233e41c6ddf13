"""What is wrong with a setting, in words: what was found, why not, and what to write instead."""

import difflib
import os
from collections.abc import Collection, Mapping
from typing import Any, Literal, get_args, get_origin
from urllib.parse import urlsplit

from annotated_types import Ge, Gt, Le, Lt, MaxLen
from pydantic.fields import FieldInfo

from bot.settings.model import PREFIX, Settings, is_secret, kind_of
from bot.text import visible

_LONGEST_SHOWN = 60
_QUOTES = "\"'`\u201c\u201d\u2018\u2019"

_WHY = {
    "string_too_long": "is too long",
    "int_parsing": "is no whole number",
    "int_parsing_size": "is too large",
    "int_from_float": "is no whole number",
    "float_parsing": "is no number",
    "finite_number": "is no number that can be counted to",
    "bool_parsing": "is neither true nor false",
    "literal_error": "is none of the choices",
    "greater_than": "is too small",
    "greater_than_equal": "is too small",
    "less_than": "is too large",
    "less_than_equal": "is too large",
}


def unknown(name: str, known: Collection[str]) -> str:
    """Say that there is no such setting; a misspelt one must not be silently without effect."""
    near = difflib.get_close_matches(name, known, n=1)
    return f"{name} is no setting. " + (f"Did you mean {near[0]}?" if near else "Remove it.")


def found_twice(variable: str) -> str:
    """Say that a secret is given by value and by file."""
    return f"{variable} and {variable}_FILE are both set. Keep one of them."


def elsewhere(url: str, root: str) -> str:
    """Say that links would lead past the playground: proxies pass a path on unchanged."""
    found = urlsplit(url)
    if found.path == root:
        return ""
    if not root:
        return (
            f"TUTOR_WEB_URL is {_shown(url)}, which has a path, but the playground is served at "
            f"the root. Write TUTOR_WEB_ROOT={found.path} as well."
        )
    return (
        f"TUTOR_WEB_URL is {_shown(url)}, but the playground is served under {root} "
        f"(TUTOR_WEB_ROOT). Write TUTOR_WEB_URL={found.scheme}://{found.netloc}{root}."
    )


def secret_problem(variable: str, path: str, error: Exception | None) -> str:
    """Say why a secret's file cannot be used; None: it is empty."""
    remedy = "Write the path of a file that holds the secret alone."
    if isinstance(error, FileNotFoundError):
        why = "there is no such file"
    elif isinstance(error, PermissionError):
        why = f"this user ({os.geteuid()}) may not read it"
        remedy = "Let it read the file, or name another one."
    elif isinstance(error, OSError):
        why = f"it cannot be read ({error.strerror})"
    elif error is not None:
        why = "it holds no UTF-8 text"
    else:
        why = "it is empty"
    return f"{variable} names {_shown(path)}, but {why}. {remedy}"


def problem(detail: Any, written: Mapping[str, str]) -> str:
    """Say what is wrong with one variable, from what pydantic found."""
    name = str(detail["loc"][0])
    variable, field = PREFIX + name.upper(), Settings.model_fields[name]
    found = written.get(variable, "")
    secret = is_secret(field)
    if len(found) > 1 and found[0] in _QUOTES and found[-1] in _QUOTES:
        bare = found.strip(_QUOTES)
        said = "is written with quotes" if secret else f"is {_shown(found)}, with quotes"
        meant = "the value alone" if secret else f"{variable}={bare[:_LONGEST_SHOWN]}"
        return f"{variable} {said}. Write {meant}."
    if detail["type"] == "value_error":
        said = str(detail["ctx"]["error"])
        if secret:
            source = "" if found else f", in the file that {variable}_FILE names,"
            return f"{variable}{source} {said}"
        joint = ": " if said.startswith("its entry") else ", which "
        return f"{variable} is {_shown(found)}{joint}{said}"
    why = _WHY.get(detail["type"], "cannot be used")
    return f"{variable} is {_shown(found)}, which {why}. {_remedy(variable, field, found)}"


def _remedy(variable: str, field: FieldInfo, found: str) -> str:
    """Say what to write, from the field's type, bounds and default."""
    kind = kind_of(field)
    if kind is bool:
        return "Write true or false."
    if get_origin(kind) is Literal:
        choices = [str(it) for it in get_args(kind)]
        near = difflib.get_close_matches(found.casefold(), choices, n=1)
        best = f" Did you mean {variable}={near[0]}?" if near else ""
        return f"Write {', '.join(choices[:-1])} or {choices[-1]}.{best}"
    if kind is str:
        longest = next(rule.max_length for rule in field.metadata if isinstance(rule, MaxLen))
        return f"Write at most {longest} characters."
    least, most = _bounds(field)
    what = "a whole number" if kind is int else "a number"
    default = f", such as {field.default:g}" if isinstance(field.default, int | float) else ""
    if least and most:
        return f"Write {what} {least} {most}{default}."
    return f"Write {what} {least or most}{default}."


def _bounds(field: FieldInfo) -> tuple[str, str]:
    """Return both bounds in words; "" for one that there is not."""
    least = most = ""
    for rule in field.metadata:
        match rule:
            case Ge(ge=bound):
                least = f"from {bound}"
            case Gt(gt=bound):
                least = f"above {bound}"
            case Le(le=bound):
                most = f"up to {bound}"
            case Lt(lt=bound):
                most = f"below {bound}"
    return least, most


def _shown(found: str) -> str:
    """Return a value as it can be shown: short, and on one line."""
    short = found if len(found) <= _LONGEST_SHOWN else found[:_LONGEST_SHOWN] + "…"
    return visible.line(repr(short))
