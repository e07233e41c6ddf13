"""The slash commands and the context menu: what Discord shows, and what each asks the tutor."""

import logging
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.app_commands import Choice, locale_str

from bot.lessons.model import Localized
from bot.platforms.discord import words
from bot.platforms.discord.mention import named
from bot.platforms.discord.reception import locale_of
from bot.platforms.discord.rows import Press
from bot.tutor.model import Compare, Explain, Help, ListLessons, NameKind, Note, Predict, Run

if TYPE_CHECKING:
    from bot.platforms.discord.client import TutorClient

_log = logging.getLogger(__name__)

_CHOICES, _CHOICE = 25, 100
_NAME = app_commands.Range[str, 1, 100]
_Autocomplete = Callable[[Press, str], Coroutine[Any, Any, list[Choice[str]]]]


def localized(text: Localized) -> locale_str:
    """Return `text` for Discord: English by default, Korean through the translator."""
    return locale_str(text.en, ko=text.ko)


class Translator(app_commands.Translator):
    """Gives Discord the Korean of every name and description that is a `localized` text."""

    async def translate(
        self,
        string: locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,  # noqa: ARG002 - the base class's signature
    ) -> str | None:
        """Return the Korean text for Korean, None (the English default) for all else."""
        korean: str | None = string.extras.get("ko")
        return korean if locale is discord.Locale.korean else None


class Tree(app_commands.CommandTree["TutorClient"]):
    """Our commands, usable in servers, in direct messages, and by whoever installs them."""

    def __init__(self, client: "TutorClient") -> None:
        super().__init__(
            client,
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )
        for command in (_lessons, _explain, _run, _compare, _predict, _help):
            self.add_command(command())
        self.add_command(
            app_commands.ContextMenu(name=localized(words.EXPLAIN_THIS), callback=_explain_this)
        )

    async def on_error(self, press: Press, error: app_commands.AppCommandError) -> None:
        """Tell the asker that it was not their fault, and the operator what it was."""
        cause = error.__cause__ or error
        _log.error("a command failed: %s: %s", type(cause).__name__, cause)
        _log.debug("where it came from", exc_info=cause)
        if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
            await press.client.reception.stale(press)
        elif not press.response.is_done():
            sentence = words.discord_words(locale_of(press)).broken
            await press.client.reception.tell(press, Note(sentence, "error"))


def _suggesting(kind: NameKind) -> _Autocomplete:
    """Return the autocompletion of an argument that names something of `kind`."""

    async def suggest(press: Press, typed: str) -> list[Choice[str]]:
        found = press.client.reception.tutor.suggest(kind, typed, locale_of(press), _CHOICES)
        return [
            Choice(name=(each.title or each.id)[:_CHOICE], value=each.id)
            for each in found[:_CHOICES]
        ]

    return suggest


def _command(
    said: words.CommandWords, callback: Callable[..., Coroutine[Any, Any, None]]
) -> app_commands.Command[Any, ..., None]:
    """Return a command with the name and description that `said` gives."""
    return app_commands.Command(
        name=localized(said.name), description=localized(said.about), callback=callback
    )


def _named(said: words.CommandWords, argument: str, kind: NameKind) -> Callable[[Any], Any]:
    """Return a decorator that names and describes a callback's one argument."""
    assert said.argument is not None
    assert said.argument_about is not None
    rename = app_commands.rename(**{argument: localized(said.argument)})
    describe = app_commands.describe(**{argument: localized(said.argument_about)})
    complete = app_commands.autocomplete(**{argument: _suggesting(kind)})
    return lambda callback: rename(describe(complete(callback)))


def _lessons() -> app_commands.Command[Any, ..., None]:
    @_named(words.LESSONS, "name", "lesson")
    async def lessons(press: Press, name: _NAME = "") -> None:
        await press.client.reception.asked(press, ListLessons(name.strip()))

    return _command(words.LESSONS, lessons)


def _explain() -> app_commands.Command[Any, ..., None]:
    @_named(words.EXPLAIN, "name", "concept")
    async def explain(press: Press, name: _NAME) -> None:
        await press.client.reception.asked(press, Explain(name.strip()))

    return _command(words.EXPLAIN, explain)


def _run() -> app_commands.Command[Any, ..., None]:
    @_named(words.RUN, "name", "scenario")
    async def run(press: Press, name: _NAME) -> None:
        await press.client.reception.asked(press, Run(name.strip()))

    return _command(words.RUN, run)


def _predict() -> app_commands.Command[Any, ..., None]:
    @_named(words.PREDICT, "name", "scenario")
    async def predict(press: Press, name: _NAME) -> None:
        await press.client.reception.asked(press, Predict(name.strip()))

    return _command(words.PREDICT, predict)


def _compare() -> app_commands.Command[Any, ..., None]:
    arguments = ("first", "second", "third", "fourth", "fifth")

    @app_commands.rename(
        **{name: localized(text) for name, text in zip(arguments, words.COMPARED, strict=True)}
    )
    @app_commands.describe(**dict.fromkeys(arguments, localized(words.COMPARED_ABOUT)))
    @app_commands.autocomplete(**dict.fromkeys(arguments, _suggesting("scenario")))
    async def compare(  # noqa: PLR0917 - Discord passes them by name
        press: Press,
        first: _NAME,
        second: _NAME,
        third: _NAME = "",
        fourth: _NAME = "",
        fifth: _NAME = "",
    ) -> None:
        names = (name.strip() for name in (first, second, third, fourth, fifth))
        await press.client.reception.asked(press, Compare(tuple(name for name in names if name)))

    return _command(words.COMPARE, compare)


def _help() -> app_commands.Command[Any, ..., None]:
    async def help_(press: Press) -> None:
        await press.client.reception.asked(press, Help())

    return _command(words.HELP, help_)


async def _explain_this(press: Press, message: discord.Message) -> None:
    """Explain the concept that a message names."""
    reception = press.client.reception
    locale = locale_of(press)
    concept = named(reception.tutor, message.content, locale)
    if concept is None:
        await reception.tell(press, Note(words.discord_words(locale).nothing_named, "info"))
    else:
        await reception.asked(press, Explain(concept))
