"""What the verbs share: settings, language, logs, and running the loop."""

import asyncio
import os
import re
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import click

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
    spoken = next((it for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (it := _env(name))), "")
    code = re.split(r"[_.@-]", spoken.lower())[0]
    return code if code in locales() else "en"


def _env(name: str) -> str:
    return os.environ.get(name, "")


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


def lang_option(verb: _Verb) -> _Verb:
    """Add `--lang`."""
    option = click.option(
        "--lang",
        type=_Language(),
        help="The language; by default TUTOR_LOCALE, else that of LC_ALL or LANG.",
    )
    return option(verb)


def picture_option(verb: _Verb) -> _Verb:
    """Add `--picture`."""
    option = click.option(
        "--picture",
        type=click.Path(dir_okay=False, path_type=Path),
        callback=_drawable,
        help="Also draw the timeline into this file; it ends in .png or .svg.",
    )
    return option(verb)


def replay_option(verb: _Verb) -> _Verb:
    """Add `--replay`."""
    option = click.option(
        "--replay",
        type=click.Path(dir_okay=False, path_type=Path),
        callback=_playable,
        help="Also write the run as an animation into this file; it ends in .gif.",
    )
    return option(verb)


def _playable(_context: click.Context, _option: click.Parameter, path: Path | None) -> Path | None:
    if path is not None and path.suffix.lower() != ".gif":
        raise click.BadParameter("the file's name must end in .gif")
    return path


def _drawable(_context: click.Context, _option: click.Parameter, path: Path | None) -> Path | None:
    if path is not None and path.suffix.lower() not in {".png", ".svg"}:
        raise click.BadParameter("the file's name must end in .png or .svg")
    return path


def json_option(verb: _Verb) -> _Verb:
    """Add `--json`."""
    option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
    return option(verb)


def somebody_answers() -> bool:
    """Tell whether a person sits at standard input; it may be a pipe, or closed altogether."""
    return sys.stdin is not None and sys.stdin.isatty()


def wait_for(work: Coroutine[Any, Any, int]) -> int:
    """Run asynchronous work to its end and return its exit status."""
    return asyncio.run(work)


def near(path: Path) -> Path:
    """Return a path as one would type it here."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
