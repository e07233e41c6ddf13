"""The slash commands and the context menu: what Discord shows, and what each asks the tutor."""

from collections.abc import Callable, Coroutine
from inspect import Parameter, Signature
from typing import Any

import discord
import structlog
from discord import app_commands
from discord.app_commands import Choice, locale_str

from bot.languages import Wording, locales, own_name
from bot.platforms.discord import escape, words
from bot.platforms.discord.asker import spoken_by
from bot.platforms.discord.concept_spotting import named
from bot.platforms.discord.custom_ids import Chosen
from bot.platforms.discord.received import text_of
from bot.platforms.discord.rows import TutorInteraction
from bot.platforms.discord.words import RUN_THIS
from bot.tutor.command import Argument, Command
from bot.tutor.commands import REQUESTS
from bot.tutor.grammar import Misunderstood, ask
from bot.tutor.model import Explain, Note
from bot.tutor.names import misread

_CHOICES, _CHOICE = 25, 100
_NAME = app_commands.Range[str, 1, 100]
_Callback = Callable[..., Coroutine[Any, Any, None]]
_Autocomplete = Callable[[TutorInteraction, str], Coroutine[Any, Any, list[Choice[str]]]]


def localized(text: Wording) -> locale_str:
    """Return `text` for Discord: English by default, others through the translator."""
    return locale_str(text.en, wording=text)


class Translator(app_commands.Translator):
    """Gives Discord every name and description that is a `localized` text in our languages."""

    async def translate(
        self,
        string: locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,  # noqa: ARG002 - the base class's signature
    ) -> str | None:
        """Return the text in a language that we speak; None (the English default) for all else."""
        wording: Wording | None = string.extras.get("wording")
        ours = spoken_by(locale)
        if wording is None or ours in {None, "en"}:
            return None
        return wording.text(ours)


class Tree(app_commands.CommandTree[Any]):
    """Our commands, usable in servers, in direct messages, and by users who install them."""

    def __init__(self, client: discord.Client) -> None:
        super().__init__(
            client,
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )
        for command in REQUESTS:
            self.add_command(_slash(command))
        self.add_command(
            app_commands.ContextMenu(name=localized(words.EXPLAIN_THIS), callback=_explain_this)
        )

        self.add_command(app_commands.ContextMenu(name=localized(RUN_THIS), callback=_run_this))

    async def interaction_check(self, interaction: TutorInteraction) -> bool:
        """Leave to another process what that one answers."""
        mine: bool = await interaction.client.claims(interaction)
        return mine

    async def on_error(
        self, interaction: TutorInteraction, error: app_commands.AppCommandError
    ) -> None:
        """Tell the asker that it was not their fault, and the operator what it was."""
        log = structlog.get_logger(__name__)
        cause = error.__cause__ or error
        log.error("command failed", cause=f"{type(cause).__name__}: {cause}")
        log.debug("command failed at", exc_info=cause)
        if interaction.type is discord.InteractionType.autocomplete:
            return  # it takes no messages
        if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
            await interaction.client.handlers.admission.unknown(interaction)
        elif not interaction.response.is_done():
            sentence = words.DiscordWords(
                interaction.client.handlers.admission.locale(interaction)
            ).broken
            await interaction.client.handlers.admission.tell(interaction, Note(sentence, "error"))


def _slash(command: Command) -> app_commands.Command[Any, ..., None]:
    """Return a command as Discord shows it."""
    callback = _manners(_callback_of(command), private=not command.private)
    wanted = command.argument
    if wanted is not None and wanted.kind != "language":
        keys = [name.en for name in wanted.names]
        callback = app_commands.rename(**{name.en: localized(name) for name in wanted.names})(
            callback
        )
        callback = app_commands.describe(**dict.fromkeys(keys, localized(wanted.about)))(callback)
        complete = {key: _suggesting(wanted, number) for number, key in enumerate(keys)}
        callback = app_commands.autocomplete(**complete)(callback)
    return app_commands.Command(
        name=localized(command.name), description=localized(command.about), callback=callback
    )


def _manners(callback: _Callback, *, private: bool) -> _Callback:
    """Describe the options that commands share: the answer's language, and for whom it is."""
    names, about = {"language": words.LANGUAGE}, {"language": words.LANGUAGE_ABOUT}
    if private:
        names["private"], about["private"] = words.PRIVATE, words.PRIVATE_ABOUT
    languages = [Choice(name=own_name(it), value=it) for it in locales()]
    callback = app_commands.choices(language=languages)(callback)
    described = {name: localized(text) for name, text in about.items()}
    callback = app_commands.describe(**described)(callback)
    return app_commands.rename(**{name: localized(text) for name, text in names.items()})(callback)


def _callback_of(command: Command) -> _Callback:
    """Return what answers a command. Its signature tells discord.py the command's arguments.

    Of several names only the first must be given: what is suggested there may hold them all.
    """
    least, names = (command.argument.least, command.argument.names) if command.argument else (0, ())
    least = min(least, 1)

    async def asked(interaction: TutorInteraction, **given: Any) -> None:
        handlers = interaction.client.handlers
        language, private = given.pop("language", None), given.pop("private", None)
        typed = " ".join(given[it.en] for it in names if given.get(it.en))
        request = ask(command, typed.split() if len(names) > 1 else [typed] if typed else [])
        if isinstance(request, Misunderstood):
            await handlers.admission.show(
                interaction, misread(request, handlers.admission.locale(interaction, language))
            )
            return
        alone = handlers.admission.private(interaction) if private is None else private
        await handlers.asked(interaction, request, chosen=Chosen(language, private=alone))

    parameters = [Parameter("press", Parameter.POSITIONAL_OR_KEYWORD, annotation=TutorInteraction)]
    parameters += [
        Parameter(
            name.en,
            Parameter.POSITIONAL_OR_KEYWORD,
            annotation=_NAME,
            default=Parameter.empty if number < least else "",
        )
        for number, name in enumerate(names)
    ]
    kind, own = Parameter.KEYWORD_ONLY, command.private
    parameters.append(Parameter("language", kind, annotation=str | None, default=None))
    if not own:
        parameters.append(Parameter("private", kind, annotation=bool | None, default=None))
    asked.__signature__ = Signature(parameters)  # type: ignore[attr-defined]  # PEP 362's own hook
    return asked


def _suggesting(wanted: Argument, number: int) -> _Autocomplete:
    """Return the autocompletion of the option that holds an argument's name of this number."""

    async def suggest(interaction: TutorInteraction, typed: str) -> list[Choice[str]]:
        names = [getattr(interaction.namespace, it.en, None) or "" for it in wanted.names]
        found = interaction.client.handlers.suggest(
            interaction, wanted, " ".join(names[:number]).split(), typed
        )
        return [
            Choice(name=escape.clip(each.title or each.id, _CHOICE), value=each.id)
            for each in found[:_CHOICES]
            if len(each.id) <= _CHOICE
        ]

    return suggest


async def _explain_this(interaction: TutorInteraction, message: discord.Message) -> None:
    """Explain the concept that a message names."""
    handlers = interaction.client.handlers
    locale = interaction.client.handlers.admission.locale(interaction)
    concept = named(handlers.tutor, text_of(message), locale)
    if concept is None:
        await handlers.admission.tell(
            interaction, Note(words.DiscordWords(locale).nothing_named, "info")
        )
    else:
        await handlers.asked(interaction, Explain(concept))


async def _run_this(interaction: TutorInteraction, message: discord.Message) -> None:
    """Run the first Python in a message."""
    await interaction.client.own_code.run_this(interaction, message)
