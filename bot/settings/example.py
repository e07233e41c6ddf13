"""The text of `.env.example`."""

import ast
import inspect
import textwrap
from itertools import pairwise

from pydantic_settings import BaseSettings

from bot.settings.model import Settings
from bot.settings.read import variables


def example() -> str:
    """Return every setting with its meaning and its default.

    Each line can be uncommented as it stands, in a container as well, and changes nothing.
    """
    lines = [
        "# Settings of the tutor. Copy this file to .env and uncomment what you want to change.",
        "# `tutor doctor` checks the result. The environment goes before this file.",
        "# Backup: none needed; keep this file and your own lessons.",
    ]
    told = meanings()
    for variable, name in variables().items():
        field = Settings.model_fields[name]
        if field.exclude:
            continue
        meaning = told[name]
        if variable != f"TUTOR_{name.upper()}":
            meaning = f"The same, from a file that holds nothing else: TUTOR_{name.upper()}."
        lines += ["", *textwrap.wrap(f"# {meaning}", 90, subsequent_indent="# ")]
        lines.append(f"#{variable}={_written(field.default)}")
    return "\n".join(lines) + "\n"


def meanings() -> dict[str, str]:
    """Return what stands below each setting in the code.

    pydantic can read it, too (`use_attribute_docstrings`), but at import, for 20 ms of each start.
    """
    found = {}
    for group in Settings.__mro__[: Settings.__mro__.index(BaseSettings)]:
        (body,) = ast.parse(inspect.getsource(group)).body
        for field, below in pairwise(body.body if isinstance(body, ast.ClassDef) else ()):
            match field, below:
                case ast.AnnAssign(ast.Name(name)), ast.Expr(ast.Constant(str(meaning))):
                    found[name] = " ".join(meaning.split())
    return found


def _written(default: object) -> str:
    """Return a default as one writes it."""
    match default:
        case None:
            return ""
        case tuple():
            return ",".join(map(str, default))
        case bool():
            return str(default).lower()
        case _:
            return str(default)
