"""What the verbs share: settings, language, logs, and running the loop."""

import os
import re
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from bot.foundation import read_settings
from bot.languages import Locale, locales
from bot.settings import Settings

EXIT_INTERRUPTED = 130
"""What a shell reports of a program that Ctrl-C ended: 128 + SIGINT."""

_Verb = TypeVar("_Verb", bound=Callable[..., Any])


def language(chosen: str | None, settings: Settings) -> Locale:
    """Return the chosen language, else that of the settings, else the environment's."""
    if chosen:
        return chosen
    if settings.locale is not None:
        return settings.locale
    named = map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))
    spoken = next(filter(None, named), "")
    code = re.split(r"[_.@-]", spoken.lower())[0]
    return code if code in locales() else "en"


class _Language(click.ParamType[Locale]):
    """One of the tutor's languages; which there are is looked up when it is asked for."""

    name = "language"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> Locale:
        """Take the code of a language."""
        if value not in locales():
            self.fail(f"{value!r} is not one of {', '.join(locales())}.", param, ctx)
        return value

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Show which there are."""
        del param, ctx
        return f"[{'|'.join(locales())}]"


def in_language(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--lang`; the verb gets the settings, and the language that it says."""

    @wraps(verb)
    def called(*, lang: str | None, **given: Any) -> Any:
        settings = read_settings()
        return verb(settings, language(lang, settings), **given)

    told = "The language; by default TUTOR_LOCALE, else that of LC_ALL or LANG."
    return click.option("--lang", type=_Language(), help=told)(called)


def _drawing(name: str, told: str, *suffixes: str) -> Callable[[_Verb], _Verb]:
    """Return what adds an option for a file to draw into, whose name has one of these ends."""

    def checked(
        _context: click.Context, _option: click.Parameter, path: Path | None
    ) -> Path | None:
        if path is not None and path.suffix.lower() not in suffixes:
            raise click.BadParameter(f"the file's name must end in {' or '.join(suffixes)}")
        return path

    kind = click.Path(dir_okay=False, path_type=Path)
    return click.option(
        name, type=kind, callback=checked, help=f"{told}; it ends in {' or '.join(suffixes)}."
    )


picture_option = _drawing("--picture", "Also draw the timeline into this file", ".png", ".svg")
replay_option = _drawing("--replay", "Also write the run as an animation into this file", ".gif")
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")


def somebody_answers() -> bool:
    """Tell whether a person sits at standard input; it may be a pipe, or closed altogether."""
    return sys.stdin is not None and sys.stdin.isatty()


def near(path: Path) -> Path:
    """Return a path as one would type it here."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
