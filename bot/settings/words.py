"""What is wrong with a setting, in words: what was found, why not, and what to write instead."""

import difflib
import os
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen
from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo

from bot.errors import SettingsError
from bot.observe.redaction import without_secrets
from bot.settings.model import PREFIX, Settings, is_secret, kind_of
from bot.text import visible

_LONGEST_SHOWN = 60
_MOST_TYPOS = 2
_PASSWORD = re.compile(r"//[^/@\s]*@")
_UNITS = {"_SECONDS": " of seconds", "_MIB": " of MiB", "_KIB": " of KiB"}

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


def masked(sentences: str) -> str:
    """Return what is said without what looks like a secret, wherever it was written."""
    return _PASSWORD.sub("//[secret]@", without_secrets(sentences))


def unknown(name: str, known: Collection[str]) -> str:
    """Say that there is no such setting; a misspelt one must not be silently without effect."""
    from rapidfuzz import process  # noqa: PLC0415 - nearly nobody misspells; it takes time to import
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - as above

    bare = {it: it.removeprefix(PREFIX) for it in known}
    written = name.removeprefix(PREFIX)
    typo = process.extractOne(written, bare, scorer=OSA.distance, score_cutoff=_MOST_TYPOS)
    if typo:
        near = [typo[2]]
    else:
        near = [it for it in bare if written and it.endswith(f"_{written}")]
        near += difflib.get_close_matches(name, bare, n=1, cutoff=0.75)
    remedy = f"Did you mean {near[0]}?" if near else "Remove it; `tutor settings` shows all."
    return f"{visible.line(name)} is no setting. {remedy}"


def no_setting(file: Path, line: int, name: str | None) -> str:
    """Say that a line of the settings' file sets nothing. What stands in it may be secret."""
    if name is None:
        return f"{file}: line {line} is no setting. Write NAME=value, or begin the line with #."
    return (
        f"{file}: line {line} names {visible.line(name)} without a value. Write "
        f"{visible.line(name)}=value, or remove the line."
    )


def found_twice(variable: str) -> str:
    """Say that a secret is given by value and by file."""
    return f"{variable} and {variable}_FILE are both set. Keep one of them."


def secret_problem(variable: str, path: str, error: Exception) -> str:
    """Say why the file that holds the secret `variable` cannot be used."""
    said = f"{variable}_FILE"
    if "/" not in path and _usable(variable, path):
        return (
            f"{said} holds the secret itself, as it seems. Write {variable}=…, or put it into a "
            "file and write that file's path."
        )
    for what, meant in written_around(said, path):
        if Path(meant).is_file():
            return f"{said} is {_shown(path)}, with {what}. Write {said}={meant}."
    remedy = "Write the path of a file that holds the secret alone."
    if path.startswith("~"):
        why, remedy = "only shells know ~", f"Write {Path(path).expanduser()}."
    elif isinstance(error, SettingsError):
        why = str(error)
    elif isinstance(error, PermissionError):
        why = f"this user ({os.geteuid()}) may not read it"
        remedy = "Let it read the file, or name another one."
    elif isinstance(error, UnicodeDecodeError):
        why = "it holds no UTF-8 text"
    elif isinstance(error, OSError) and not isinstance(error, FileNotFoundError):
        why = f"it cannot be read ({error.strerror})"
    else:
        why = "there is no such file"
    return f"{said} names {_shown(path)}, but {why}. {remedy}"


def problem(detail: Any, written: Mapping[str, str]) -> str:
    """Say what is wrong with one variable, from what pydantic found."""
    name = str(detail["loc"][0])
    variable, field = PREFIX + name.upper(), Settings.model_fields[name]
    if is_secret(field):
        return _about_a_secret(variable, detail, from_file=not written.get(variable))
    found = written.get(variable, "")
    for what, meant in written_around(variable, found):
        if _usable(variable, meant):
            return f"{variable} is {_shown(found)}, with {what}. Write {variable}={_short(meant)}."
    if detail["type"] == "value_error":
        said = str(detail["ctx"]["error"])
        joint = ": " if said.startswith("its entry") else ", which "
        return f"{variable} is {_shown(found)}{joint}{said}"
    why = _WHY.get(detail["type"], "cannot be used")
    return f"{variable} is {_shown(found)}, which {why}. {_remedy(variable, field, found)}"


def _about_a_secret(variable: str, detail: Any, *, from_file: bool) -> str:
    """Say what is wrong with a secret, and nothing of what it is."""
    held = detail["input"]
    found = held.get_secret_value() if isinstance(held, SecretStr) else str(held)
    source = f", in the file that {variable}_FILE names," if from_file else ""
    for what, meant in written_around(variable, found):
        if _usable(variable, meant):
            return f"{variable}{source} is written with {what}. Write the value alone."
    return f"{variable}{source} {detail['ctx']['error']}"


def _usable(variable: str, value: str) -> bool:
    """Tell whether a setting could have this value."""
    try:
        Settings(**{variable.removeprefix(PREFIX).lower(): value})  # type: ignore[arg-type]  # any
    except ValidationError:
        return False
    return bool(value)


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
    what += next((unit for end, unit in _UNITS.items() if variable.endswith(end)), "")
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
    return visible.line(repr(_short(found)))


def _short(found: str) -> str:
    return found if len(found) <= _LONGEST_SHOWN else found[:_LONGEST_SHOWN] + "…"


_QUOTES = "\"'`\u201c\u201d\u2018\u2019"
_HIDDEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
"""Categories of characters that nobody sees (https://www.unicode.org/reports/tr44/)."""


def written_around(variable: str, found: str) -> Iterator[tuple[str, str]]:
    """Yield what may be wrong around a value, in words, with the value without it.

    Nothing is taken off silently: the value might have been meant so.
    """
    if hidden := [it for it in found if it != " " and unicodedata.category(it) in _HIDDEN]:
        which = f"a character that cannot be seen (U+{ord(hidden[0]):04X})"
        yield which, "".join(it for it in found if it not in hidden).strip()
    name, equals, rest = found.partition("=")
    if equals and variable.endswith(name.strip().upper()):
        yield "its own name before it", rest.strip()
    before, mark, _ = found.partition(" #")
    if mark:
        yield "a comment behind it", before.strip()
    bare = found
    if found[:1] + found[-1:] in {"[]", "{}", "()", "<>"}:
        bare = found[1:-1].strip()
        yield "brackets", bare
    if any(it in bare for it in _QUOTES):
        entries = (part.strip().strip(_QUOTES).strip() for part in bare.split(","))
        yield ("quotes" if bare == found else "quotes and brackets"), ",".join(entries)
    if re.search("[;|]", found):
        commas = re.sub(r"\s*[;|]\s*", ",", found).strip(",")
        yield "other marks than commas between its entries", commas
